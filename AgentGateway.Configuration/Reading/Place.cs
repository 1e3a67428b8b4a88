using System.Collections.Frozen;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A value of the document being read: where it is, and where problems about it go.</summary>
internal readonly struct Place(ReadContext context, ConfigPath path, ConfigNode node)
{
    // Keys under which secrets are: what stands in the place of their mapping or list may be the secret itself.
    private static readonly FrozenSet<string> SecretHolders = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            "apiKey", "auth", "aws", "azure", "backendAuth", "basicAuth", "clientAuth", "clientSecret", "credential", "credentials", "crossAppAccess", "database", "env",
            "explicitConfig", "gcp", "headers", "htpasswd", "jwtSign", "key", "keys", "oauthTokenExchange", "oidc", "params", "redis", "session", "signingKey",
        ]);

    public ReadContext Context { get; } = context;

    public ConfigPath Path { get; } = path;

    public ConfigNode Node { get; } = node;

    public bool IsNull => Node is ScalarNode { Kind: ScalarKind.Null };

    public Place Item(int index, ConfigNode item) => new(Context, Path.Index(index), item);

    public Place Entry(MappingEntry entry) => new(Context, Path.Key(entry.Key), entry.Value);

    /// <summary>True when what stands here in the place of something else may be a secret, which no message may repeat.</summary>
    public bool IsSecretHolder => Path.LastKey is { } key && SecretHolders.Contains(key);

    public void Error(string message) => Context.Error(Path, Node.Position, message, Node);

    public void Warning(string message) => Context.Warning(Path, Node.Position, message);

    /// <summary>Says that the value has the wrong type.</summary>
    /// <param name="expected">What is wanted, such as <c>a duration</c>.</param>
    /// <param name="remedy">How to write it.</param>
    public void WrongType(string expected, string remedy)
    {
        var found = Node is ScalarNode { Kind: not ScalarKind.Null } scalar && !IsSecretHolder ? $"{scalar.KindName} `{scalar.Shown}`" : Node.KindName;
        Error($"invalid type: {found}, expected {expected}; {remedy}");
    }

    /// <summary>The place as something that semantic checks can keep.</summary>
    public SourceLocation Location => new(Path, Node.Position);
}

/// <summary>Path and position of a value, for checks that run after everything is read.</summary>
/// <param name="Path">JSON path.</param>
/// <param name="Position">Line and column.</param>
internal sealed record SourceLocation(ConfigPath Path, SourcePosition Position)
{
    public static SourceLocation Document { get; } = new(ConfigPath.Root, SourcePosition.Start);

    public SourceLocation Key(string key) => this with { Path = Path.Key(key) };
}

/// <summary>A value with its place.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="At">Where it stands.</param>
internal sealed record Located<T>(T Value, SourceLocation At);
