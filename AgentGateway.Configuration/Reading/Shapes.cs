namespace AgentGateway.Configuration.Reading;

/// <summary>The shapes that the model is made of.</summary>
internal static class Shapes
{
    public static Shape<string> Text { get; } = new TextShape("string", "text", null);

    public static Shape<string> NonEmptyText { get; } = new TextShape("string", "text", null, filled: true);

    /// <summary>A text that may be a secret, and that no message repeats.</summary>
    public static Shape<string> HiddenText { get; } = new TextShape("string", "text", null, hidden: true);

    public static Shape<bool> Flag { get; } = new FlagShape();

    public static Shape<TimeSpan> Duration { get; } = new DurationShape(allowZero: true);

    public static Shape<TimeSpan> PositiveDuration { get; } = new DurationShape(allowZero: false);

    /// <summary>A duration in a range; without a greatest one, the usual bound.</summary>
    public static Shape<TimeSpan> DurationBetween(TimeSpan least, TimeSpan? greatest, string example) => new DurationShape(allowZero: true, least, greatest, example);

    public static Shape<int> Port { get; } = Int(0, 65535, "8080");

    public static Shape<JsonText> AnyJson { get; } = new JsonShape("any", objectOnly: false, "value");

    public static Shape<JsonText> JsonObject { get; } = new JsonShape("object", objectOnly: true, "{key: value}");

    /// <summary>A string with a rule of its own, which returns what is wrong with a text, or null.</summary>
    public static Shape<string> TextWith(string type, string example, Func<string, Place, string?> check) => new TextShape(type, example, check);

    /// <summary>A secret string with a rule of its own.</summary>
    public static Shape<Secret> SecretWith(string type, string example, Func<string, Place, string?> check) =>
        new TextShape(type, example, check, hidden: true).As(static text => new Secret(text));

    public static Shape<int> Int(int minimum, int maximum, string example) => new IntegerShape<int>(minimum, maximum, example);

    public static Shape<long> Long(long minimum, long maximum, string example) => new IntegerShape<long>(minimum, maximum, example);

    public static Shape<double> Number(double minimum, double maximum, string example) => new NumberShape(minimum, maximum, example);

    public static Shape<T> Enum<T>(params (string Name, T Value)[] values) => new EnumShape<T>(values);

    public static Shape<EquatableArray<T>> List<T>(Shape<T> item, int minimum = 0, int? maximum = null) => new ListShape<T>(item, minimum, maximum);

    public static Shape<EquatableMap<T>> Map<T>(Shape<T> value, string keyExample = "name", Func<string, string?>? checkKey = null) =>
        new MapShape<T>(value, keyExample, checkKey);

    public static Shape<T> Object<T>(string name, string doc, Func<ObjectReader, T> read) => new ObjectShape<T>(name, doc, read);

    /// <summary>A value of several forms that its YAML kind tells apart.</summary>
    public static Shape<T> ByKind<T>(Shape<T>? scalar = null, Shape<T>? list = null, Shape<T>? mapping = null) => new KindShape<T>(scalar, list, mapping);

    /// <summary>A mapping of two forms that the presence of a key tells apart.</summary>
    public static Shape<T> ByKey<T>(string key, Shape<T> present, Shape<T> absent) => new KeyShape<T>(key, present, absent);

    /// <summary>The value with its place, for checks that run after everything is read.</summary>
    public static Shape<Located<T>> Located<T>(this Shape<T> shape) => new LocatedShape<T>(shape);

    /// <summary>The same value as another type.</summary>
    public static Shape<TTo> As<TFrom, TTo>(this Shape<TFrom> shape, Func<TFrom, TTo> convert) => new MappedShape<TFrom, TTo>(shape, convert);
}
