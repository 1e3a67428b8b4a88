using System.Globalization;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Static;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>Shapes of the <c>config</c> section.</summary>
internal static class StaticShapes
{
    private const string Mesh = "it belongs to a service mesh or a Kubernetes control plane";

    private static readonly Shape<string> Level = Shapes.ByKind(
        scalar: Shapes.NonEmptyText, list: Shapes.List(Shapes.NonEmptyText).As(static levels => string.Join(',', levels)));

    private static readonly Shape<LoggingSettings> Logging = Shapes.Object("Logging", "Process log and, in its older place, access log.", static r => new LoggingSettings(
        r.Optional("level", Level, "Level, or directives such as `info,agentgateway::mcp=trace`; a list is joined; `info` by default. Overridden by `RUST_LOG`.", "info"),
        r.OptionalValue("format", Shapes.Enum(("text", false), ("json", true)), "Form of log lines. Overridden by `LOG_FORMAT`.", "text", "text"),
        r.Optional("filter", Expression.Shape, "Access log filter; the newer place is `frontendPolicies.accessLog.filter`.", "response.code >= 400"),
        r.Optional("fields", LoggingFields.Shape, "Access log fields; the newer place is `frontendPolicies.accessLog`."),
        r.Optional("database", DatabaseSettings.Shape, "Request database; the newer place is `config.database`.")));

    private static readonly Shape<TimeSpan?> Mcp = Shapes.Object("StaticMcp", "Settings of all MCP backends.", static r =>
        r.OptionalValue("sessionTtl", Shapes.PositiveDuration, "Idle time after which a session is closed.", "30m", "30m0s"));

    private static readonly Shape<Secret> Session = Shapes.Object("Session", "Session identifiers.", static r =>
        r.Required("key", ValueShapes.HexKey, "Key that encrypts MCP session identifiers: 64 hexadecimal digits. Overridden by `SESSION_KEY`."));

    private static readonly Shape<string> Spiffe = Shapes.Object("Spiffe", "SPIFFE workload API.", static r =>
        r.Text("endpoint", "Socket of the workload API.", "unix:///run/spire/agent.sock") ?? "");

    private static readonly Shape<string> Hbone = Shapes.Object("Hbone", "Mesh tunnels.", static r =>
    {
        foreach (var key in (ReadOnlySpan<string>)["windowSize", "connectionWindowSize", "frameSize"])
        {
            r.OptionalValue(key, Shapes.Long(0, uint.MaxValue, "65535"), "Size.");
        }

        r.OptionalValue("poolMaxStreamsPerConn", Shapes.Int(0, ushort.MaxValue, "100"), "Most streams of a connection.");

        r.Duration("poolUnusedReleaseTimeout", "Time after which an unused connection is closed.");
        return "";
    });

    private static readonly Shape<string> WorkerThreads = Shapes.ByKind(scalar: new WorkerThreadsShape());

    /// <summary>A price catalogue, as mapping or as JSON text.</summary>
    public static Shape<ModelCatalog> InlineCatalog { get; } = Shapes.ByKind(scalar: new CatalogTextShape(), mapping: ModelCatalog.Shape);

    public static Shape<StaticSettings> Settings { get; } = Shapes.Object("Config", "Process-wide settings, read once at start.", Read);

    /// <summary>What stands for a <c>config</c> section that cannot be read.</summary>
    public static StaticSettings Defaults(ReadContext context) => Settings.Fallback(context);

    /// <summary>Settings of a document without a <c>config</c> section: environment and built-in defaults. What the environment has wrong is an error here too.</summary>
    public static StaticSettings OfEnvironment(ReadContext context) => Settings.Read(new Place(context, ConfigPath.Root.Key("config"), MappingNode.Empty));

    private static StaticSettings Read(ObjectReader r)
    {
        var environment = r.Context.Options.Environment;
        r.Removed("listener", "`config.listener` has been removed; move to frontendPolicies");
        ReadHarmless(r);
        var logging = r.Optional("logging", Logging, "Process log.");
        var ipv6 = r.OptionalValue("enableIpv6", Shapes.Flag, "Bind `[::]` for both families; false binds `0.0.0.0`. Overridden by `IPV6_ENABLED`.", null, "true");
        return new StaticSettings
        {
            AdminAddress = Listen(r, "adminAddr", "localhost:15000", "ADMIN_ADDR", "Admin API and trace store; `off` switches it off."),
            StatsAddress = Listen(r, "statsAddr", "[::]:15020", "STATS_ADDR", "Prometheus metrics; `off` switches them off."),
            ReadinessAddress = Listen(r, "readinessAddr", "[::]:15021", "READINESS_ADDR", "Readiness; `off` switches it off."),
            EnableIpv6 = Variable(environment, "IPV6_ENABLED") is { } set ? set is "true" or "1" : ipv6 ?? true,
            ConnectionTerminationDeadline = r.Duration("connectionTerminationDeadline", "Longest time that open connections may drain at shutdown; 5s, or `TERMINATION_GRACE_PERIOD_SECONDS` less 5.")
                ?? GracePeriod(environment),
            ConnectionMinTerminationDeadline = r.Duration("connectionMinTerminationDeadline", TimeSpan.Zero, "Shortest time that a shutdown takes, so that load balancers notice."),
            LogLevel = Variable(environment, "RUST_LOG") ?? logging?.Level ?? "info",
            LogJson = Variable(environment, "LOG_FORMAT") is { } format ? format == "json" : logging?.Json ?? false,
            AccessLogFilter = logging?.Filter,
            AccessLogFields = logging?.Fields,
            McpSessionIdleTimeout = r.Optional("mcp", Mcp.As(static ttl => new StrongBox(ttl)), "Settings of all MCP backends.")?.Value ?? TimeSpan.FromMinutes(30),
            SessionKey = SessionKey(r, r.Optional("session", Session, "Session identifiers."), environment),
            Tracing = r.Optional("tracing", TracingShape.Shape, "Export of request traces. The newer place is `frontendPolicies.tracing`.", "{otlpEndpoint: \"http://localhost:4317\"}"),
            OidcCookieSecret = Variable(environment, "OIDC_COOKIE_SECRET") is { } cookie ? new Secret(cookie) : null,
            Dns = Dns(r.Optional("dns", DnsSettings.Shape, "DNS resolution.") ?? new DnsSettings(), environment),
            Upstream = r.Optional("backend", UpstreamSettings.Shape, "Connections to upstreams.") ?? new UpstreamSettings(),
            Metrics = r.Optional("metrics", MetricsSettings.Shape, "Metrics.") ?? new MetricsSettings(),
            Histograms = Histograms(r, r.Value("histograms", EnumShapes.HistogramModeWords, HistogramMode.Classic, "Form of Prometheus histograms.", "classic")),
            ModelCatalog = r.List("modelCatalog", ModelCatalogSource.Shape, "Prices of models, merged in order; a later one wins.", "[{inline: {providers: {}}}]"),
            StandardAttributes = r.Optional("standardAttributes", StandardAttributes.Shape, "Columns of the request database.") ?? new StandardAttributes(),
            SensitiveHeaders = r.List("sensitiveHeaders", HeaderShapes.Name, "Headers that `headers.redacted()` masks in expressions, besides authorization and proxy-authorization.", "[x-api-key]"),
            CustomFunctions = r.TextOr("customFunctions", "", "Functions for expressions: `name(a, rest...) { expression }` and `this.name(a) { expression }`; `#` begins a comment."),
        };
    }

    private static DnsSettings Dns(DnsSettings file, Func<string, string?> environment) => Variable(environment, "DNS_LOOKUP_FAMILY") switch
    {
        "All" => file with { LookupFamily = DnsLookupFamily.All },
        "Auto" => file with { LookupFamily = DnsLookupFamily.Auto },
        "V4Preferred" => file with { LookupFamily = DnsLookupFamily.V4Preferred },
        "V4Only" => file with { LookupFamily = DnsLookupFamily.V4Only },
        "V6Only" => file with { LookupFamily = DnsLookupFamily.V6Only },
        _ => file,
    };

    // The text form of metrics has no place for native histograms.
    private static HistogramMode Histograms(ObjectReader r, HistogramMode mode)
    {
        if (mode != HistogramMode.Classic)
        {
            r.NotSupportedYet("histograms");
        }

        return mode;
    }

    private static void ReadHarmless(ObjectReader r)
    {
        r.Harmless("workerThreads", WorkerThreads, "Worker threads: a number, or a percentage of the processors.", "the runtime chooses its threads");
        var database = r.Optional("database", DatabaseSettings.Shape, "Request database.");
        var storage = r.Harmless("storage", StorageSettings.Shape, "Where the admin page stores changes.", "changes are stored in the file");
        CheckStorage(r, database, storage);
        foreach (var key in (ReadOnlySpan<string>)
            ["xdsAddress", "xdsAuthToken", "caAddress", "caAuthToken", "localXdsPath", "namespace", "gateway", "trustDomain", "additionalTrustDomains", "serviceAccount", "clusterId", "network"])
        {
            r.Harmless(key, Shapes.HiddenText, "Mesh or control plane setting.", Mesh);
        }

        r.Harmless("skipValidateTrustDomain", Shapes.Flag, "Mesh or control plane setting.", Mesh);
        r.Harmless("hbone", Hbone, "Mesh tunnels.", Mesh);
        r.Optional("spiffe", Spiffe, "SPIFFE workload API.");
    }

    private static void CheckStorage(ObjectReader r, DatabaseSettings? database, StorageSettings? storage)
    {
        if (storage is not { Mode: ConfigStoreMode.Hybrid })
        {
            return;
        }

        if (database is null)
        {
            r.Error("storage", "config.storage.mode=hybrid requires config.database.url");
        }
        else if (database.MaxConnections < 2 && database.Url.Reveal().StartsWith("postgres", StringComparison.Ordinal))
        {
            r.Error("database", "maxConnections", "config.database.maxConnections must be at least 2 for PostgreSQL hybrid storage");
        }
    }

    private static string? Listen(ObjectReader r, string key, string fallback, string variable, string doc)
    {
        string? text = r.Value(key, ValueShapes.ListenAddress, "", $"{doc} Overridden by `{variable}`.", $"\"{fallback}\"", $"\"{fallback}\"");
        if (Variable(r.Context.Options.Environment, variable) is { } set)
        {
            text = set;
            if (set != "off" && !ValueShapes.IsListenAddress(set))
            {
                r.Error(key, $"{variable}: invalid address; write ip:port, localhost:port, unix:/path or off");
            }
        }

        text = string.IsNullOrEmpty(text) ? fallback : text;
        return text == "off" ? null : text;
    }

    private static Secret? SessionKey(ObjectReader r, Secret? file, Func<string, string?> environment)
    {
        if (Variable(environment, "SESSION_KEY") is not { } key)
        {
            return file;
        }

        if (key.Length != 64 || key.AsSpan().ContainsAnyExcept(CharacterSets.HexDigits))
        {
            r.Error("session", "SESSION_KEY: write 64 hexadecimal digits (32 bytes)");
        }

        return new Secret(key);
    }

    private static string? Variable(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 } value ? value : null;

    private static TimeSpan GracePeriod(Func<string, string?> environment) =>
        int.TryParse(environment("TERMINATION_GRACE_PERIOD_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 5
            ? TimeSpan.FromSeconds(seconds - 5)
            : TimeSpan.FromSeconds(5);

    private sealed record StrongBox(TimeSpan? Value);

    private sealed record LoggingSettings(string? Level, bool? Json, Expression? Filter, LoggingFields? Fields, DatabaseSettings? Database);

    /// <summary>A number of threads, or a percentage of the processors.</summary>
    private sealed class WorkerThreadsShape() : ScalarShape<string>("")
    {
        public override Description Describe(Catalogue catalogue) => new ScalarDescription("integer or percentage", ["integer", "string"], "4");

        protected override (string Expected, string Remedy) Wanted => ("a number of threads or a percentage", "write 4 or \"50%\"");

        protected override bool TryRead(ScalarNode scalar, Place place, out string value)
        {
            value = scalar.Text;
            var number = scalar.Text.EndsWith('%') ? scalar.Text[..^1] : scalar.Text;
            return scalar.Kind is ScalarKind.Integer or ScalarKind.Text
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads > 0;
        }
    }

    /// <summary>A price catalogue written as JSON inside a string.</summary>
    private sealed class CatalogTextShape() : ScalarShape<ModelCatalog>(new ModelCatalog())
    {
        public override Description Describe(Catalogue catalogue) => new ScalarDescription("JSON text", ["string"], "'{\"providers\": {}}'");

        protected override (string Expected, string Remedy) Wanted => ("a catalogue", "write it as mapping, or as JSON in a string");

        protected override bool TryRead(ScalarNode scalar, Place place, out ModelCatalog value)
        {
            value = ReadCatalog(scalar.Text, place) ?? new ModelCatalog();
            return scalar.Kind == ScalarKind.Text;
        }
    }

    /// <summary>Reads a catalogue from JSON text that stands at a place.</summary>
    internal static ModelCatalog? ReadCatalog(string text, Place place)
    {
        var (catalog, problems) = ReadCatalog(text, place.Context.Options);
        foreach (var problem in problems)
        {
            place.Error($"not a readable catalogue: {problem}");
        }

        return catalog;
    }

    /// <summary>Reads a catalogue from JSON text that has places of its own.</summary>
    internal static (ModelCatalog? Catalog, IReadOnlyList<ConfigurationProblem> Problems) ReadCatalog(string text, LoadOptions options)
    {
        var context = new ReadContext(options);
        var root = YamlDocument.Parse(new SourceText(text, text, []), context.Errors);
        if (root is not (null or MappingNode))
        {
            // Without what the text holds: it may be the wrong file, with a secret in it.
            context.Errors.Add(new ConfigurationProblem("", root.Position, $"expected a mapping such as `{{\"providers\": {{}}}}`, found {root.KindName}"));
        }

        return root is not null && context.Errors.Count == 0
            ? (ModelCatalog.Shape.Read(new Place(context, ConfigPath.Root, root)), context.Errors)
            : (null, context.Errors);
    }
}
