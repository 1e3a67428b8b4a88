using System.Globalization;
using AgentGateway.Proxy.Telemetry.Tracing;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Telemetry.Traces;

/// <summary>Query of <c>GET /api/traces</c>: <c>limit</c> (1 to 1000, 20 by default), <c>traceId</c>, <c>service</c>.</summary>
internal readonly record struct TraceQuery(int Limit, TraceId? TraceId, string? Service)
{
    /// <summary>Reads the query; on false <paramref name="error"/> says which parameter is wrong.</summary>
    public static bool TryParse(IQueryCollection query, out TraceQuery parsed, out string error)
    {
        parsed = default;
        error = "";
        var limit = 20;
        if (query.TryGetValue("limit", out var limitText)
            && (!int.TryParse(limitText.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 1000))
        {
            error = "limit must be a number from 1 to 1000";
            return false;
        }

        TraceId? only = null;
        if (query.TryGetValue("traceId", out var idText))
        {
            if (!Tracing.TraceId.TryParse(idText.ToString(), out var id))
            {
                error = "traceId must be 32 hexadecimal digits";
                return false;
            }

            only = id;
        }

        var service = query.TryGetValue("service", out var serviceText) ? serviceText.ToString() : null;
        parsed = new TraceQuery(limit, only, service);
        return true;
    }
}
