using System.Runtime.InteropServices;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Reading;

/// <summary>An address, or a URL that consists of scheme and authority.</summary>
internal sealed class HostOrUrlShape() : ScalarShape<HostOrUrl>(new HostOrUrl(new TargetAddress("localhost", 1), false))
{
    public static Shape<HostOrUrl> Shape { get; } = new HostOrUrlShape();

    public override Description Describe(Catalogue catalogue) => new ScalarDescription("address or URL", ["string"], "localhost:9000");

    protected override (string Expected, string Remedy) Wanted => ("an address", "write it as host:port, [v6]:port, unix:/path, http://host or https://host");

    protected override bool TryRead(ScalarNode scalar, Place place, out HostOrUrl value)
    {
        value = new HostOrUrl(new TargetAddress("localhost", 1), false);
        if (scalar.Kind != ScalarKind.Text)
        {
            return false;
        }

        if (scalar.Text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || scalar.Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            if (scalar.Text.AsSpan(scalar.Text.IndexOf("://", StringComparison.Ordinal) + 3).Trim('/').IsEmpty)
            {
                place.Error("backend URL must include a host; write it as http://host:port");
            }
            else if (!Uri.TryCreate(scalar.Text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            {
                place.Error($"invalid URL `{scalar.Shown}`; write it as http://host:port");
            }
            else if (uri.PathAndQuery is not ("/" or "") || uri.Fragment.Length > 0)
            {
                place.Error("backend URL paths are not supported; write scheme and authority only");
            }
            else
            {
                value = new HostOrUrl(new TargetAddress(uri.IdnHost.Trim('[', ']'), uri.Port), uri.Scheme == Uri.UriSchemeHttps);
            }

            return true;
        }

        if (scalar.Text.Contains("://", StringComparison.Ordinal))
        {
            place.Error($"backend URL scheme must be http or https: `{scalar.Shown}`");
        }
        else if (TargetAddress.TryParse(scalar.Text, out var address))
        {
            value = new HostOrUrl(address, false);
        }
        else
        {
            place.Error($"invalid host:port `{scalar.Shown}`; write it as host:port, [v6]:port, unix:/path, http://host or https://host");
        }

        return true;
    }
}

/// <summary>An address and whether TLS was asked for.</summary>
/// <param name="Address">The address.</param>
/// <param name="Tls">True for https.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HostOrUrl(TargetAddress Address, bool Tls);
