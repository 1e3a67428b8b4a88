namespace AgentGateway.Cel;

/// <summary>Takes the attributes that one field expands to.</summary>
public interface ICelAttributeSink
{
    /// <summary>Takes one attribute.</summary>
    /// <param name="key">The full key.</param>
    /// <param name="value">A bool, int, uint, double or string; nothing else.</param>
    void Add(string key, CelValue value);

    /// <summary>Takes one attribute whose value is a list or a map; like a string unless the sink tells them apart.</summary>
    /// <param name="key">The full key.</param>
    /// <param name="json">The value as strict JSON text.</param>
    void AddJson(string key, string json) => Add(key, CelValue.FromString(json));
}
