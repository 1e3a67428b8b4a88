using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace AgentGateway.Configuration;

/// <summary>
/// An immutable map with text keys that keeps the order of the document and is equal to another one with the same entries in the same order.
/// </summary>
/// <typeparam name="T">Type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "The name says what it adds to a map: equality.")]
[SuppressMessage("Design", "CA1000", Justification = "The empty map, as ImmutableArray has it.")]
public sealed class EquatableMap<T> : IReadOnlyDictionary<string, T>, IEquatable<EquatableMap<T>>
{
    private readonly KeyValuePair<string, T>[] _entries;
    private readonly OrderedDictionary<string, T> _lookup;

    /// <summary>Copies the entries; a later entry with the same key replaces an earlier one.</summary>
    public EquatableMap(IEnumerable<KeyValuePair<string, T>> entries)
        : this(entries, StringComparer.Ordinal)
    {
    }

    /// <summary>Copies the entries, comparing keys as told.</summary>
    public EquatableMap(IEnumerable<KeyValuePair<string, T>> entries, IEqualityComparer<string> comparer)
    {
        var order = new OrderedDictionary<string, T>(comparer);
        foreach (var (key, value) in entries)
        {
            order[key] = value;
        }

        _entries = [.. order];
        _lookup = order;
    }

    /// <summary>A map without entries.</summary>
    public static EquatableMap<T> Empty { get; } = new([]);

    /// <summary>Entries in the order of the document.</summary>
    public ReadOnlySpan<KeyValuePair<string, T>> Entries => _entries;

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Select(static e => e.Key);

    /// <inheritdoc/>
    public IEnumerable<T> Values => _entries.Select(static e => e.Value);

    /// <inheritdoc/>
    public T this[string key] => _lookup[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _lookup.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _lookup.TryGetValue(key, out value);

    /// <inheritdoc/>
    public bool Equals(EquatableMap<T>? other)
    {
        if (other is null || other.Count != Count)
        {
            return false;
        }

        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Key != other._entries[i].Key || !EqualityComparer<T>.Default.Equals(_entries[i].Value, other._entries[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EquatableMap<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _entries)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, T>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();
}
