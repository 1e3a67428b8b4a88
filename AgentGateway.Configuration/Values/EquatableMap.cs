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
    // Up to this number of entries, comparing one after the other is as fast as a table, which takes several times the memory.
    private const int FewEntries = 8;

    private readonly KeyValuePair<string, T>[] _entries;
    private readonly IEqualityComparer<string> _comparer;
    private readonly Dictionary<string, int>? _lookup;

    /// <summary>Copies the entries; a later entry with the same key replaces an earlier one.</summary>
    public EquatableMap(IEnumerable<KeyValuePair<string, T>> entries)
        : this(entries, StringComparer.Ordinal)
    {
    }

    /// <summary>Copies the entries, comparing keys as told.</summary>
    public EquatableMap(IEnumerable<KeyValuePair<string, T>> entries, IEqualityComparer<string> comparer)
    {
        _comparer = comparer;
        KeyValuePair<string, T>[] all = [.. entries];
        if (all.Length > FewEntries)
        {
            _lookup = new Dictionary<string, int>(all.Length, comparer);
        }

        var count = 0;
        foreach (var entry in all)
        {
            if (IndexOf(all.AsSpan(0, count), entry.Key) is >= 0 and var index)
            {
                all[index] = entry;
                continue;
            }

            _lookup?.Add(entry.Key, count);
            all[count++] = entry;
        }

        _entries = count == all.Length ? all : all[..count];
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
    public T this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"there is no entry `{key}`");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => IndexOf(_entries, key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        var index = IndexOf(_entries, key);
        value = index < 0 ? default : _entries[index].Value;
        return index >= 0;
    }

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

    private int IndexOf(ReadOnlySpan<KeyValuePair<string, T>> entries, string key)
    {
        if (_lookup is not null)
        {
            return _lookup.GetValueOrDefault(key, -1);
        }

        for (var i = 0; i < entries.Length; i++)
        {
            if (_comparer.Equals(entries[i].Key, key))
            {
                return i;
            }
        }

        return -1;
    }
}
