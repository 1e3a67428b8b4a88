using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel;

/// <summary>
/// A CEL value: two words, no boxing of scalars or JSON. Strings and containers that come from JSON are views of its text.
/// The default value is <see cref="CelKind.Absent"/>: not there.
/// </summary>
public readonly struct CelValue : IEquatable<CelValue>
{
    /// <summary>
    /// Set in <see cref="Bits"/> of a map whose reference is a <see cref="CelObject"/>, with the number of its type: a member read compares it
    /// instead of asking the object. No other map has it: they have zero, or the place of a JSON token.
    /// </summary>
    internal const long HostObject = 1L << 40;

    /// <summary>A string, a <see cref="CelReference"/>, or null for an absent value.</summary>
    internal readonly object? Ref;
    internal readonly long Bits;

    internal CelValue(CelReference reference, long bits = 0)
    {
        Ref = reference;
        Bits = bits;
    }

    private CelValue(string text)
    {
        Ref = text;
        Bits = 0;
    }

    /// <summary>What the value is.</summary>
    public CelKind Kind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Ref is null ? CelKind.Absent : Ref is string ? CelKind.String : Unsafe.As<CelReference>(Ref).ValueKind;
    }

    /// <summary>Whether this is a host object of a type. Absent values and plain strings have no bits set, so a match leaves only a reference to look at.</summary>
    /// <param name="type"><see cref="HostObject"/> with the number of the type; not zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsHostObject(long type) => Bits == type && Unsafe.As<CelReference>(Ref!).ValueKind == CelKind.Map;

    /// <summary>Whether this is a map that is an object of its own, a <see cref="CelMap"/>, and not a part of JSON text.</summary>
    internal bool IsOwnMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Ref is not null and not string && Unsafe.As<CelReference>(Ref).ValueKind == CelKind.Map && Ref is not JsonTapeValue;
    }

    /// <summary>The nanoseconds of a timestamp or duration.</summary>
    internal int Nanoseconds => ((CelFraction)Ref!).Nanoseconds;

    /// <summary>The JSON that a string, list or map stands in when its <see cref="Ref"/> is neither text nor a list or map of its own.</summary>
    internal JsonTape Tape => ((JsonTapeValue)Ref!).Tape;

    /// <summary>The value <c>null</c>.</summary>
    public static CelValue Null => new(CelScalar.Null);

    /// <summary>The value <c>true</c>.</summary>
    public static CelValue True => new(CelScalar.Bool, 1);

    /// <summary>The value <c>false</c>.</summary>
    public static CelValue False => new(CelScalar.Bool);

    /// <summary>True when there is no value at all.</summary>
    public bool IsAbsent => Ref is null;

    /// <summary>True for the value <c>null</c>.</summary>
    public bool IsNull => ReferenceEquals(Ref, CelScalar.Null);

    /// <summary>True when evaluation ended with an error.</summary>
    public bool IsError => Ref is CelError;

    /// <summary>True for the boolean <c>true</c> and nothing else: what a filter or an authorization rule asks.</summary>
    public bool IsTrue => ReferenceEquals(Ref, CelScalar.Bool) && Bits != 0;

    /// <summary>True for the boolean <c>false</c> and nothing else.</summary>
    public bool IsFalse => ReferenceEquals(Ref, CelScalar.Bool) && Bits == 0;

    /// <summary>The error, when <see cref="IsError"/>.</summary>
    public CelError? Error => Ref as CelError;

    /// <summary>Makes a truth value.</summary>
    /// <param name="value">The truth value.</param>
    public static CelValue FromBool(bool value) => new(CelScalar.Bool, value ? 1 : 0);

    /// <summary>Makes a signed integer.</summary>
    /// <param name="value">The integer.</param>
    public static CelValue FromInt(long value) => new(CelScalar.Int, value);

    /// <summary>Makes an unsigned integer.</summary>
    /// <param name="value">The integer.</param>
    public static CelValue FromUint(ulong value) => new(CelScalar.Uint, unchecked((long)value));

    /// <summary>Makes a double.</summary>
    /// <param name="value">The double.</param>
    public static CelValue FromDouble(double value) => new(CelScalar.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Makes a string; absent when <paramref name="value"/> is null.</summary>
    /// <param name="value">The text.</param>
    public static CelValue FromString(string? value) => value is null ? default : new(value);

    /// <summary>Makes a byte sequence over the given memory, which must not change while the value is in use.</summary>
    /// <param name="value">The bytes.</param>
    public static CelValue FromBytes(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment)
            ? new(new CelByteArray(segment.Array ?? []), ((long)segment.Offset << 32) | (uint)segment.Count)
            : FromBytes(value.ToArray());

    /// <summary>Makes a point in time.</summary>
    /// <param name="value">The point in time; its offset is not kept.</param>
    public static CelValue FromTimestamp(DateTimeOffset value) => CelTime.Timestamp(value);

    /// <summary>Makes a point in time with nanoseconds.</summary>
    /// <param name="seconds">Seconds since 1970-01-01T00:00:00Z, negative before.</param>
    /// <param name="nanoseconds">Nanoseconds after that second, 0 to 999,999,999.</param>
    public static CelValue FromTimestamp(long seconds, int nanoseconds) => CelTime.Timestamp(seconds, nanoseconds);

    /// <summary>Makes a span of time.</summary>
    /// <param name="value">The span.</param>
    public static CelValue FromDuration(TimeSpan value) => CelTime.Duration(value);

    /// <summary>Makes a list.</summary>
    /// <param name="value">The list.</param>
    public static CelValue FromList(CelList value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>Makes a list over an array, which must not change afterwards.</summary>
    /// <param name="items">The elements.</param>
    public static CelValue FromList(params CelValue[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new(new ArrayCelList(items, items.Length));
    }

    /// <summary>Makes a list of strings over a list, which must not change afterwards.</summary>
    /// <param name="items">The texts.</param>
    public static CelValue FromStrings(IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new(new StringCelList(items));
    }

    /// <summary>Makes a map.</summary>
    /// <param name="value">The map, or a host object.</param>
    public static CelValue FromMap(CelMap value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value is CelObject host ? new(host, HostObject | (long)host.Type.Number) : new(value);
    }

    /// <summary>Makes a map from pairs; of two equal keys the later one wins.</summary>
    /// <param name="entries">Keys (int, uint, bool or string) with their values.</param>
    public static CelValue FromEntries(params IEnumerable<KeyValuePair<CelValue, CelValue>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var map = new DictionaryCelMap();
        foreach (var (key, value) in entries)
            map.Set(key, value);
        return FromMap(map);
    }

    /// <summary>Makes a value over JSON text without building dictionaries. Integers become int (uint beyond its range), other numbers double.</summary>
    /// <param name="utf8">JSON text, which must not change while the value is in use.</param>
    /// <returns>An error value when the text is not JSON or too deep.</returns>
    public static CelValue FromJson(ReadOnlyMemory<byte> utf8) => JsonTape.Parse(utf8);

    /// <summary>Makes a value over a JSON element: a copy of its text, no dictionaries. Convert once and keep the value.</summary>
    /// <param name="element">The element.</param>
    public static CelValue FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => default,
        JsonValueKind.Null => Null,
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        JsonValueKind.String => FromString(element.GetString()),
        _ => JsonTape.Parse(JsonMarshal.GetRawUtf8Value(element).ToArray()),
    };

    /// <summary>Makes a type value.</summary>
    /// <param name="type">The type.</param>
    public static CelValue FromType(CelType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new(type);
    }

    /// <summary>Makes an opaque value.</summary>
    /// <param name="value">The value.</param>
    public static CelValue FromOpaque(CelOpaque value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>Makes a secret that prints masked; absent when <paramref name="secret"/> is null.</summary>
    /// <param name="secret">The text to guard.</param>
    public static CelValue FromSecret(string? secret) => secret is null ? default : FromOpaque(new CelRedacted(secret));

    /// <summary>Makes an optional that holds a value.</summary>
    /// <param name="value">The value.</param>
    public static CelValue FromOptional(CelValue value) => new(new CelBox(CelKind.Optional, value));

    /// <summary>The optional that holds nothing.</summary>
    public static CelValue OptionalNone => new(CelScalar.OptionalNone);

    /// <summary>Makes an error value. Errors with a fixed text are worth making once: this allocates.</summary>
    /// <param name="code">The kind of error.</param>
    /// <param name="message">Text for people, without values of the request.</param>
    public static CelValue FromError(CelErrorCode code, string message) => new(new CelError(code, message));

    /// <summary>Makes an error value from an error.</summary>
    /// <param name="error">The error.</param>
    public static CelValue FromError(CelError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(error);
    }

    /// <summary>The truth value.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public bool AsBool() => Kind == CelKind.Bool ? Bits != 0 : throw Wrong(CelKind.Bool);

    /// <summary>The signed integer.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public long AsInt() => Kind == CelKind.Int ? Bits : throw Wrong(CelKind.Int);

    /// <summary>The unsigned integer.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public ulong AsUint() => Kind == CelKind.Uint ? unchecked((ulong)Bits) : throw Wrong(CelKind.Uint);

    /// <summary>The double.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public double AsDouble() => Kind == CelKind.Double ? BitConverter.Int64BitsToDouble(Bits) : throw Wrong(CelKind.Double);

    /// <summary>The text; of a string inside JSON it is decoded at the first call.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public string AsString() => Ref as string ?? (Kind == CelKind.String ? Tape.GetString((int)Bits) : throw Wrong(CelKind.String));

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public ReadOnlyMemory<byte> AsBytes() => Kind == CelKind.Bytes ? new(((CelByteArray)Ref!).Array, (int)(Bits >> 32), (int)Bits) : throw Wrong(CelKind.Bytes);

    /// <summary>The point in time in UTC, cut to 100 ns.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public DateTimeOffset AsTimestamp() => Kind == CelKind.Timestamp ? CelTime.ToDateTimeOffset(this) : throw Wrong(CelKind.Timestamp);

    /// <summary>The span of time, cut to 100 ns and to the range of <see cref="TimeSpan"/>.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public TimeSpan AsDuration() => Kind == CelKind.Duration ? CelTime.ToTimeSpan(this) : throw Wrong(CelKind.Duration);

    /// <summary>The elements of the list.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public CelListView AsList() => Kind == CelKind.List ? new(this) : throw Wrong(CelKind.List);

    /// <summary>The entries of the map.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public CelMapView AsMap() => Kind == CelKind.Map ? new(this) : throw Wrong(CelKind.Map);

    /// <summary>The opaque value.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public CelOpaque AsOpaque() => Kind == CelKind.Opaque ? (CelOpaque)Ref! : throw Wrong(CelKind.Opaque);

    /// <summary>The type.</summary>
    /// <exception cref="InvalidOperationException">The kind is another.</exception>
    public CelType AsType() => Kind == CelKind.Type ? (CelType)Ref! : throw Wrong(CelKind.Type);

    /// <summary>The host object behind a map, when it is one of the given type.</summary>
    /// <typeparam name="T">The type of the host object or map.</typeparam>
    /// <param name="value">The host object.</param>
    public bool TryGetHost<T>([NotNullWhen(true)] out T? value)
        where T : class
    {
        value = Ref as T;
        return value is not null;
    }

    /// <summary>The value inside an optional.</summary>
    /// <param name="value">The value; absent when the optional is none or the kind is another.</param>
    public bool TryGetOptional(out CelValue value)
    {
        if (Kind == CelKind.Optional && Ref is CelBox box)
        {
            value = box.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The number of an int, uint or double.</summary>
    /// <param name="value">The number as a double.</param>
    public bool TryGetNumber(out double value)
    {
        value = Kind switch
        {
            CelKind.Int => Bits,
            CelKind.Uint => unchecked((ulong)Bits),
            CelKind.Double => BitConverter.Int64BitsToDouble(Bits),
            _ => double.NaN,
        };
        return Kind is CelKind.Int or CelKind.Uint or CelKind.Double;
    }

    /// <summary>The type of the value at run time, as <c>type(x)</c> gives it.</summary>
    public CelType RuntimeType => CelRuntimeTypes.Of(this);

    /// <summary>
    /// Text for logs, attributes and headers: strings as they are, numbers and times in their CEL form, bytes as base64, lists and maps as JSON,
    /// null as <c>null</c>, errors as their message.
    /// </summary>
    public string ToText() => CelText.Of(this);

    /// <summary>Compact JSON text; an error's message as a JSON string when the value has no JSON form.</summary>
    public string ToJson() => CelJsonWriter.TryWrite(this, CelLimits.Default.MaxValueSize, out var json, out var error) ? json : CelJsonWriter.Quote(error.Message);

    /// <summary>Writes the value as JSON: bytes as base64, times as text, optionals as their value or null, secrets masked.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="maxBytes">Largest size in bytes.</param>
    /// <param name="error">Why the value could not be written; the writer then holds a part of it.</param>
    public bool TryWriteJson(Utf8JsonWriter writer, int maxBytes, [NotNullWhen(false)] out CelError? error)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return CelJsonWriter.TryWrite(this, writer, maxBytes, out error);
    }

    /// <summary>Equality in the sense of CEL's <c>==</c>: numbers across types, containers by element; NaN equals nothing. Absent equals absent.</summary>
    /// <param name="other">The other value.</param>
    public bool Equals(CelValue other)
    {
        var work = CelLimits.Default.MaxWork;
        return CelEquality.AreEqual(this, other, ref work) == CelEquality.Equal;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CelValue value && Equals(value);

    /// <inheritdoc/>
    public override int GetHashCode() => CelEquality.Hash(this);

    /// <summary>See <see cref="Equals(CelValue)"/>.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(CelValue left, CelValue right) => left.Equals(right);

    /// <summary>See <see cref="Equals(CelValue)"/>.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(CelValue left, CelValue right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => Kind == CelKind.Absent ? "absent" : ToText();

    private InvalidOperationException Wrong(CelKind expected) => new($"The value is {Kind}, not {expected}.");
}
