using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Transformations;

/// <summary>The response to the client.</summary>
internal sealed class ResponseTarget(HttpResponse response) : TransformTarget
{
    public override IHeaderDictionary Headers => response.Headers;

    public override string? SetPseudo(string name, string value)
    {
        if (name != ":status")
        {
            return null;
        }

        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 200 or > 599)
        {
            return ":status is no final HTTP status";
        }

        response.StatusCode = status;
        return null;
    }
}
