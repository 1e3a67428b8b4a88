namespace AgentGateway.Cel;

/// <summary>Parts of the function library beyond the standard one.</summary>
[Flags]
public enum CelLibraries
{
    /// <summary>The standard library and macros only.</summary>
    None = 0,

    /// <summary>Text: <c>charAt</c>, <c>indexOf</c>, <c>split</c>, <c>format</c> and their like.</summary>
    Strings = 1 << 0,

    /// <summary><c>math.greatest</c>, rounding, bits.</summary>
    Math = 1 << 1,

    /// <summary><c>lists.range</c>, <c>slice</c>, <c>sort</c>, <c>distinct</c>, <c>flatten(depth)</c>.</summary>
    Lists = 1 << 2,

    /// <summary><c>sets.contains</c>, <c>sets.equivalent</c>, <c>sets.intersects</c>.</summary>
    Sets = 1 << 3,

    /// <summary><c>base64.encode</c> and <c>base64.decode</c>.</summary>
    Encoders = 1 << 4,

    /// <summary><c>cel.bind(name, value, expression)</c>.</summary>
    Bindings = 1 << 5,

    /// <summary><c>regex.replace</c>, <c>regex.extract</c>, <c>regex.extractAll</c>.</summary>
    Regex = 1 << 6,

    /// <summary>Macros over index or key and value: <c>all(i, v, ...)</c>, <c>transformMap(k, v, ...)</c>.</summary>
    TwoVariables = 1 << 7,

    /// <summary><c>ip()</c>, <c>cidr()</c> and what can be asked of them.</summary>
    Network = 1 << 8,

    /// <summary>Optionals: <c>a.?b</c>, <c>a[?k]</c>, <c>optional.of(x)</c>.</summary>
    Optionals = 1 << 9,

    /// <summary><c>cel.block</c>, the output form of expression optimisers.</summary>
    Block = 1 << 10,

    /// <summary>JSON, hashes, encodings, defaults, <c>flatten</c> and the other functions of the gateway that know nothing of HTTP.</summary>
    Gateway = 1 << 11,

    /// <summary>
    /// Construction of the messages that are values of the language: wrappers (<c>google.protobuf.Int32Value{value: 1}</c>), <c>Struct</c>, <c>ListValue</c>,
    /// <c>Value</c>, <c>Timestamp</c> and <c>Duration</c>.
    /// </summary>
    WellKnownTypes = 1 << 12,

    /// <summary>All of them.</summary>
    All = Strings | Math | Lists | Sets | Encoders | Bindings | Regex | TwoVariables | Network | Optionals | Block | Gateway | WellKnownTypes,
}
