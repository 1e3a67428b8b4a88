namespace AgentGateway.Cel;

/// <summary>Takes the attributes that one field expands to.</summary>
public interface ICelAttributeSink
{
    /// <summary>Takes one attribute.</summary>
    /// <param name="key">The full key.</param>
    /// <param name="value">A bool, int, uint, double or string; nothing else.</param>
    void Add(string key, CelValue value);
}
