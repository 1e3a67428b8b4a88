using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>Makes one address out of the ways in which collectors were given over time.</summary>
internal static class TracingEndpoint
{
    private const string DefaultPath = "/v1/traces";

    /// <summary>Normalises an endpoint.</summary>
    /// <param name="endpoint">URL or <c>host:port</c>.</param>
    /// <param name="path">The explicit path, if any.</param>
    /// <param name="protocol">Wire protocol.</param>
    /// <param name="verbatim">True when the URL is posted to as it is.</param>
    /// <param name="problem">What is wrong, or null.</param>
    /// <returns>Scheme and authority for gRPC, the full URL for HTTP; null when there is a problem.</returns>
    public static Uri? Normalise(string endpoint, string? path, OtlpProtocol protocol, bool verbatim, out string? problem)
    {
        problem = null;
        var separator = endpoint.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : endpoint[..separator];
        if (separator < 0)
        {
            endpoint = (protocol == OtlpProtocol.Grpc ? "http://" : "https://") + endpoint;
        }
        else if (string.Equals(scheme, "grpc", StringComparison.OrdinalIgnoreCase))
        {
            endpoint = "http" + endpoint[separator..];
        }
        else if (!string.Equals(scheme, "http", StringComparison.OrdinalIgnoreCase) && !string.Equals(scheme, "https", StringComparison.OrdinalIgnoreCase))
        {
            problem = $"unsupported tracing endpoint scheme: {Reading.Quoting.Shorten(scheme)}; write http, https or grpc";
            return null;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            problem = "invalid tracing endpoint; write a URL such as http://collector:4317, without user information";
            return null;
        }

        var authority = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        if (string.Equals(scheme, "grpc", StringComparison.OrdinalIgnoreCase) && !authority.AsSpan(7).Contains(':'))
        {
            authority += ":4317";
        }

        if (protocol == OtlpProtocol.Grpc)
        {
            return new Uri(authority + "/");
        }

        var own = uri.AbsolutePath.TrimEnd('/');
        var wanted = path is null ? DefaultPath : path.StartsWith('/') ? path : "/" + path;
        var full = verbatim && own.Length > 0 ? uri.AbsolutePath : own.EndsWith(wanted, StringComparison.Ordinal) ? own : own + wanted;
        return new Uri(authority + full + uri.Query);
    }
}
