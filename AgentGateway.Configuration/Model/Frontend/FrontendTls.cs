using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Tls;

namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>TLS towards clients.</summary>
internal sealed record FrontendTls
{
    internal static Shape<FrontendTls> Shape { get; } = Shapes.Object("FrontendTls", "TLS towards clients.", Read);

    /// <summary>Longest handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Protocols offered, as lists of byte values.</summary>
    public EquatableArray<BodyText>? Alpn { get; init; }

    /// <summary>Lowest version.</summary>
    public TlsVersion? MinVersion { get; init; }

    /// <summary>Highest version.</summary>
    public TlsVersion? MaxVersion { get; init; }

    /// <summary>Cipher suites that are allowed.</summary>
    public EquatableArray<string>? CipherSuites { get; init; }

    /// <summary>Key exchange groups that are allowed.</summary>
    public EquatableArray<KeyExchangeGroup>? KeyExchangeGroups { get; init; }

    public FrontendTlsSnapshot ToSnapshot() => new()
    {
        Alpn = Alpn is { } protocols ? [.. protocols.Select(static protocol => System.Text.Encoding.Latin1.GetString([.. protocol.Bytes]))] : [],
        MinimumVersion = MinVersion ?? TlsVersion.Tls12,
        MaximumVersion = MaxVersion ?? TlsVersion.Tls13,
        CipherSuites = CipherSuites ?? [],
    };

    private static FrontendTls Read(ObjectReader r)
    {
        var tls = new FrontendTls
        {
            HandshakeTimeout = r.Value("handshakeTimeout", Shapes.PositiveDuration, TimeSpan.FromSeconds(15), "Longest handshake.", "15s"),
            Alpn = r.OptionalValue("alpn", Shapes.List(ValueShapes.AlpnProtocol), "Protocols offered, as lists of byte values.", "[[104, 50]]"),
            MinVersion = r.OptionalValue("minVersion", EnumShapes.TlsVersionWords, "Lowest version."),
            MaxVersion = r.OptionalValue("maxVersion", EnumShapes.TlsVersionWords, "Highest version."),
            CipherSuites = r.OptionalValue("cipherSuites", Shapes.List(ValueShapes.CipherSuite), "Cipher suites that are allowed.", "[\"TLS_AES_128_GCM_SHA256\"]"),
            KeyExchangeGroups = r.OptionalValue("keyExchangeGroups", Shapes.List(EnumShapes.KeyExchangeGroupWords), "Key exchange groups that are allowed.", "[\"X25519\"]"),
        };
        if (tls.MinVersion > tls.MaxVersion)
        {
            r.Error("minVersion", "invalid TLS version range: the lowest version is above the highest");
        }

        return tls;
    }
}
