namespace AgentGateway.Configuration.Expressions;

/// <summary>The values of one header: none, one, or several. Default is none.</summary>
public readonly struct HeaderValues
{
    private readonly object? _values;

    /// <summary>One value.</summary>
    /// <param name="value">The value; null for none.</param>
    public HeaderValues(string? value) => _values = value;

    /// <summary>Several values, in the order they arrived; none when empty.</summary>
    /// <param name="values">The values.</param>
    public HeaderValues(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = values.Count switch { 0 => null, 1 => values[0], _ => values };
    }

    /// <summary>The value when there is exactly one.</summary>
    internal string? Single => _values as string;

    /// <summary>Number of values.</summary>
    public int Count => _values switch { null => 0, string => 1, _ => ((IReadOnlyList<string>)_values).Count };

    /// <summary>A value.</summary>
    /// <param name="index">Its place, below <see cref="Count"/>.</param>
    public string this[int index] => _values as string ?? ((IReadOnlyList<string>)_values!)[index];

    /// <summary>The values as a list; allocates when there is only one.</summary>
    public IReadOnlyList<string> ToList() => _values switch { null => [], string single => [single], _ => (IReadOnlyList<string>)_values };
}
