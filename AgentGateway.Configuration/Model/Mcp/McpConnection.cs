using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>How an HTTP MCP server is reached: a URL, or host with port and path, or a named backend with a path.</summary>
internal sealed record McpConnection
{
    public static Shape<McpConnection> Shape { get; } = Shapes.Object("McpConnection", "How an HTTP server is reached.", static r => Read(r, pathRequired: true));

    /// <summary>Endpoint; with a named backend only its path counts.</summary>
    public required Uri Endpoint { get; init; }

    public string? Backend { get; init; }

    public required SourceLocation BackendAt { get; init; }

    public static McpConnection Read(ObjectReader r, bool pathRequired)
    {
        var host = r.Optional("host", Shapes.NonEmptyText, "URL of the server; or its host name when `port` and `path` are set.", "http://localhost:3001/mcp");
        var port = r.OptionalValue("port", Shapes.Int(1, 65535, "3001"), "TCP port, together with `host` and `path`.");
        var path = r.Optional("path", Shapes.Text, "Path, together with `port`, or with `backend`.", "/mcp");
        var backend = r.Optional("backend", Shapes.NonEmptyText, "Name of an entry of `backends`.", "/mcp-servers");
        var endpoint = r.Describing ? null : ToEndpoint(r, host, port, path, backend, pathRequired);
        return new McpConnection
        {
            Endpoint = endpoint ?? new Uri("http://localhost/"),
            Backend = backend,
            BackendAt = r.At("backend"),
        };
    }

    private static Uri? ToEndpoint(ObjectReader r, string? host, int? port, string? path, string? backend, bool pathRequired)
    {
        if (backend is not null)
        {
            if (host is not null || port is not null)
            {
                r.Error(host is not null ? "host" : "port", "cannot mix host/port with backend; keep one of the two");
            }
            else if (path is null && pathRequired)
            {
                r.Error("path is required when backend is set");
            }

            return Combine(r, "http://backend", path ?? "/");
        }

        if (host is null)
        {
            r.Error(port is not null ? "host is required when port is set"
                : path is not null ? "host or backend is required when path is set"
                : "host or backend is required for MCP target backend configuration");
            return null;
        }

        if (port is null && path is null)
        {
            return FromUrl(r, host);
        }

        if (port is null || path is null)
        {
            r.Error("if port or path is set, both must be set; otherwise, use only host");
            return null;
        }

        var bare = host.Trim('[', ']');
        if (!TargetAddress.IsHost(host) && !System.Net.IPAddress.TryParse(bare, out _))
        {
            r.Error("host", "with port and path, host is a name or an IP address without scheme");
            return null;
        }

        return Combine(r, $"http://{(bare.Contains(':', StringComparison.Ordinal) ? $"[{bare}]" : host)}:{port}", path);
    }

    private static Uri? Combine(ObjectReader r, string authority, string path)
    {
        if (Uri.TryCreate(authority + (path.StartsWith('/') ? path : "/" + path), UriKind.Absolute, out var uri))
        {
            return uri;
        }

        r.Error("path", $"`{Quoting.Shorten(path)}` is no path");
        return null;
    }

    private static Uri? FromUrl(ObjectReader r, string host)
    {
        var separator = host.IndexOf("://", StringComparison.Ordinal);
        var text = separator < 0 ? "http://" + host : host;
        var scheme = text[..text.IndexOf("://", StringComparison.Ordinal)];
        if (scheme is not ("http" or "https"))
        {
            r.Error("host", "invalid scheme; write http or https");
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            r.Error("host", "no host; write a URL such as http://localhost:3001/mcp");
            return null;
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            r.Error("host", "user information and fragments are not allowed in the URL");
            return null;
        }

        return uri;
    }
}
