using System.Globalization;
using System.Runtime.CompilerServices;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>
/// Reads the keys of one mapping. The same calls describe the mapping when there is no document behind it, so each key is declared once
/// with its type, default and meaning.
/// </summary>
internal sealed class ObjectReader
{
    private string _type;
    private readonly Place _place;
    private readonly MappingNode _mapping;
    private readonly List<string> _keys;
    private readonly Catalogue? _catalogue;
    private readonly ObjectDescription? _description;

    // Entries that something has asked for: one bit for each, and for entries beyond them the array.
    private ulong _known;
    private bool[]? _moreKnown;

    public ObjectReader(string type, Place place, MappingNode mapping)
    {
        _type = type;
        _place = place;
        _mapping = mapping;
        _keys = place.Context.RentKeys();
    }

    public ObjectReader(string type, Place place, Catalogue catalogue, ObjectDescription description)
        : this(type, place, MappingNode.Empty)
    {
        _catalogue = catalogue;
        _description = description;
    }

    public ReadContext Context => _place.Context;

    public SourceLocation Location => _place.Location;

    /// <summary>True when the keys are being described: there is no document, every value is its default.</summary>
    public bool Describing => _description is not null;

    /// <summary>True when the document sets the key to something other than null.</summary>
    public bool IsSet(string key)
    {
        var index = _mapping.IndexOf(key);
        return index >= 0 && _mapping.Entries[index].Value is not ScalarNode { Kind: ScalarKind.Null };
    }

    /// <summary>True when the value of the key is already known to be wrong.</summary>
    public bool IsWrong(string key) => !Describing && Context.IsWrong(_place.Path.Key(key));

    /// <summary>Number of keys that the mapping under a key sets; null when it is no mapping.</summary>
    public int? KeysInside(string key) => _mapping.IndexOf(key) is >= 0 and var index && _mapping.Entries[index].Value is MappingNode mapping
        ? mapping.Entries.Count(static e => e.Value is not ScalarNode { Kind: ScalarKind.Null })
        : null;

    /// <summary>Reads keys that another type spreads into this mapping.</summary>
    public T Spread<T>(string type, Func<ObjectReader, T> read)
    {
        var own = _type;
        _type = type;
        var value = read(this);
        _type = own;
        return value;
    }

    /// <summary>True when the value of a key is a mapping that sets another key to something other than null.</summary>
    public bool HasInside(string key, string inner) =>
        _mapping.Find(key) is MappingNode mapping && mapping.Find(inner) is not (null or ScalarNode { Kind: ScalarKind.Null });

    /// <summary>Where the value of a key stands, or the mapping itself when the key is absent.</summary>
    public SourceLocation At(string key)
    {
        var index = _mapping.IndexOf(key);
        var path = _place.Path.Key(key);
        return new SourceLocation(path, index < 0 ? _place.Node.Position : _mapping.Entries[index].Value.Position);
    }

    /// <summary>Where the value of a key stands that is somewhere inside of the value of another key; that other value when it is not there.</summary>
    /// <param name="key">The key of this mapping.</param>
    /// <param name="inner">The key inside.</param>
    /// <param name="occurrence">Which one it is, from 0, when there are several.</param>
    public SourceLocation AtInside(string key, string inner, int occurrence)
    {
        var at = At(key);
        return _mapping.Find(key) is { } node && FindInside(node, at.Path, inner, ref occurrence) is { } found ? found : at;
    }

    /// <summary>Where something stands that is inside of this mapping: keys and, of lists, positions. What comes nearest when it is not there.</summary>
    public SourceLocation AtPath(ReadOnlySpan<string> steps)
    {
        var at = _place.Location;
        ConfigNode? node = _mapping;
        foreach (var step in steps)
        {
            if (node is MappingNode mapping && mapping.IndexOf(step) is >= 0 and var index)
            {
                at = new SourceLocation(at.Path.Key(step), mapping.Entries[index].KeyPosition);
                node = mapping.Entries[index].Value;
            }
            else if (node is SequenceNode list && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var item) && item < list.Items.Length)
            {
                node = list.Items[item];
                at = new SourceLocation(at.Path.Index(item), node.Position);
            }
        }

        return at;
    }

    public void Error(string key, string message)
    {
        if (!Describing)
        {
            var at = At(key);
            Context.Error(at.Path, at.Position, message, _mapping.Find(key));
        }
    }

    /// <summary>An error about a key inside of the mapping under a key.</summary>
    public void Error(string key, string inner, string message)
    {
        if (!Describing && _mapping.IndexOf(key) is >= 0 and var found && _mapping.Entries[found].Value is MappingNode mapping)
        {
            var position = mapping.IndexOf(inner) is >= 0 and var index ? mapping.Entries[index].KeyPosition : mapping.Position;
            Context.Error(_place.Path.Key(key).Key(inner), position, message);
        }
    }

    /// <summary>An error about one item of a list.</summary>
    public void ErrorAt(string key, int index, string message)
    {
        if (!Describing && _mapping.IndexOf(key) is >= 0 and var found && _mapping.Entries[found].Value is SequenceNode sequence && index < sequence.Items.Length)
        {
            Context.Error(_place.Path.Key(key).Index(index), sequence.Items[index].Position, message);
        }
    }

    /// <summary>An error about the mapping as a whole.</summary>
    public void Error(string message)
    {
        if (!Describing)
        {
            _place.Error(message);
        }
    }

    public void Warning(string key, string message)
    {
        if (!Describing)
        {
            var at = At(key);
            Context.Warning(at.Path, at.Position, message);
        }
    }

    public T? Optional<T>(string key, Shape<T> shape, string doc, string? example = null)
        where T : class =>
        TryFind(key, shape, doc, false, null, example, out var place) ? shape.Read(place) : null;

    public T? OptionalValue<T>(string key, Shape<T> shape, string doc, string? example = null, string? defaultText = null)
        where T : struct =>
        TryFind(key, shape, doc, false, defaultText, example, out var place) ? shape.Read(place) : null;

    public T Value<T>(string key, Shape<T> shape, T fallback, string doc, string? defaultText, string? example = null) =>
        TryFind(key, shape, doc, false, defaultText, example, out var place) ? shape.Read(place) : fallback;

    public T Required<T>(string key, Shape<T> shape, string doc, string? example = null)
    {
        if (TryFind(key, shape, doc, true, null, example, out var place))
        {
            return shape.Read(place);
        }

        if (!Describing)
        {
            var at = At(key);
            Context.Error(at.Path, at.Position, $"missing field `{key}`; it is required here");
        }

        return FallbackOf(shape);
    }

    public EquatableArray<T> List<T>(string key, Shape<T> item, string doc, string? example = null)
    {
        if (Describing)
        {
            Describe(key, Shapes.List(item), doc, false, "[]", example);
            return [];
        }

        return TryFind(key, out var place) ? ListShape<T>.Read(place, item, 0, null) : [];
    }

    public EquatableMap<T> Map<T>(string key, Shape<T> value, string doc, string keyExample = "name", string? example = null) =>
        Map(key, value, doc, keyExample, example, null);

    /// <summary>A map whose keys are header names.</summary>
    public EquatableMap<T> HeaderMap<T>(string key, Shape<T> value, string doc, string keyExample = "x-name", string? example = null) =>
        Map(key, value, doc, keyExample, example, Model.Traffic.TrafficShapes.CheckHeaderName);

    public string? Text(string key, string doc, string example = "text") => Optional(key, Shapes.Text, doc, example);

    public string TextOr(string key, string fallback, string doc) => Value(key, Shapes.Text, fallback, doc, fallback.Length == 0 ? "\"\"" : fallback);

    public string RequiredText(string key, string doc, string example = "text") => Required(key, Shapes.NonEmptyText, doc, example);

    public EquatableArray<string> Texts(string key, string doc, string? example = null) => List(key, Shapes.Text, doc, example);

    public bool Flag(string key, bool fallback, string doc) => Value(key, Shapes.Flag, fallback, doc, fallback ? "true" : "false");

    public TimeSpan Duration(string key, TimeSpan fallback, string doc) =>
        Value(key, Shapes.Duration, fallback, doc, GoDuration.Format(fallback));

    public TimeSpan? Duration(string key, string doc) => OptionalValue(key, Shapes.Duration, doc);

    /// <summary>Says that exactly one of the keys must be set.</summary>
    public void ExactlyOne(params string[] keys) => CheckExclusive(true, keys);

    /// <summary>Says that at most one of the keys may be set.</summary>
    public void AtMostOne(params string[] keys) => CheckExclusive(false, keys);

    /// <summary>Says that the gateway does not act on this value of a key yet.</summary>
    public void NotSupportedYet(string key)
    {
        if (!Describing && _mapping.IndexOf(key) is >= 0 and var index)
        {
            Context.NotSupportedYet(_place.Entry(_mapping.Entries[index]));
        }
    }

    /// <summary>Declares a key that is known and refused, with the reason.</summary>
    public void Removed(string key, string message)
    {
        _keys.Add(key);
        var index = _mapping.IndexOf(key);
        if (index >= 0)
        {
            MarkKnown(index);
            Error(key, message);
        }
    }

    /// <summary>Declares a key that is accepted and has no effect here.</summary>
    public T? Harmless<T>(string key, Shape<T> shape, string doc, string reason)
    {
        if (!TryFind(key, shape, doc + " Accepted and without effect here.", false, null, null, out var place))
        {
            return default;
        }

        var value = shape.Read(place);
        place.Warning($"`{key}` has no effect: {reason}");
        return value;
    }

    /// <summary>Reports the keys that nothing has asked for.</summary>
    public void Finish()
    {
        for (var i = 0; i < _mapping.Entries.Length; i++)
        {
            if (IsKnown(i))
            {
                continue;
            }

            var entry = _mapping.Entries[i];
            var path = _place.Path.Key(entry.Key);
            Context.UnknownField(_place.Path, path, entry.KeyPosition, entry.Key, _keys);
        }

        Context.ReturnKeys(_keys);
    }

    private static SourceLocation? FindInside(ConfigNode node, ConfigPath path, string key, ref int others)
    {
        if (node is SequenceNode sequence)
        {
            for (var i = 0; i < sequence.Items.Length; i++)
            {
                if (FindInside(sequence.Items[i], path.Index(i), key, ref others) is { } found)
                {
                    return found;
                }
            }
        }

        if (node is MappingNode mapping)
        {
            foreach (var entry in mapping.Entries)
            {
                if (entry.Key == key && others-- == 0)
                {
                    return new SourceLocation(path.Key(entry.Key), entry.Value.Position);
                }

                if (FindInside(entry.Value, path.Key(entry.Key), key, ref others) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private bool IsKnown(int index) => index < 64 ? (_known & (1UL << index)) != 0 : _moreKnown is { } more && more[index];

    private void MarkKnown(int index)
    {
        if (index < 64)
        {
            _known |= 1UL << index;
            return;
        }

        _moreKnown ??= new bool[_mapping.Entries.Length];
        _moreKnown[index] = true;
    }

    private T FallbackOf<T>(Shape<T> shape)
    {
        var muted = Context.Muted;
        Context.Muted = true;
        var value = shape.Fallback(Context);
        Context.Muted = muted;
        return value;
    }

    private void CheckExclusive(bool required, string[] keys)
    {
        if (_description is not null)
        {
            _description.Exclusive.Add((required, keys));
            return;
        }

        string? first = null;
        foreach (var key in keys)
        {
            if (!IsSet(key))
            {
                continue;
            }

            if (first is not null)
            {
                Error(key, $"`{key}` cannot be set together with `{first}`; keep {(required ? "exactly" : "at most")} one of {string.Join(", ", keys)}");
                return;
            }

            first = key;
        }

        if (required && first is null)
        {
            _place.Error($"exactly one of {string.Join(", ", keys)} must be set, found none");
        }
    }

    /// <summary>A mapping whose keys have a rule, which returns what is wrong with one, or null.</summary>
    public EquatableMap<T> Map<T>(string key, Shape<T> value, string doc, string keyExample, string? example, Func<string, string?>? checkKey)
    {
        if (Describing)
        {
            Describe(key, Shapes.Map(value, keyExample, checkKey), doc, false, "{}", example);
            return EquatableMap<T>.Empty;
        }

        return TryFind(key, out var place) ? MapShape<T>.Read(place, value, checkKey) : EquatableMap<T>.Empty;
    }

    private bool TryFind<T>(string key, Shape<T> shape, string doc, bool required, string? defaultText, string? example, out Place place)
    {
        if (Describing)
        {
            Describe(key, shape, doc, required, defaultText, example);
            place = default;
            return false;
        }

        return TryFind(key, out place);
    }

    // Apart from the finding, which would else make room for what the description remembers.
    private void Describe<T>(string key, Shape<T> shape, string doc, bool required, string? defaultText, string? example) =>
        _description!.Keys.Add(new KeyDescription(
            key, shape.Describe(_catalogue!), doc, required, defaultText, example, !Configuration.NotSupportedYet.Contains(_type, key),
            (node, context) => shape.Read(new Place(context, ConfigPath.Root.Key(key), node))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryFind(string key, out Place place)
    {
        _keys.Add(key);
        var index = _mapping.IndexOf(key);
        if (index < 0)
        {
            place = default;
            return false;
        }

        MarkKnown(index);
        place = _place.Entry(_mapping.Entries[index]);
        if (place.IsNull)
        {
            return false;
        }

        if (Configuration.NotSupportedYet.Contains(_type, key))
        {
            Context.NotSupportedYet(place);
        }

        return true;
    }
}
