using AgentGateway.Proxy.Telemetry.Attributes;
using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>Makes the ordered list of a request's default attributes (telemetry specification, table 1.6) from its record.</summary>
internal static class RequestAttributes
{
    /// <summary>Appends every known fact. Items know by their key's scope whether span or log leaves them out.</summary>
    public static void Collect(RequestRecord record, int status, long durationMilliseconds, string scheme, AttributeList list)
    {
        list.AddKnown(AttributeKeys.Gateway, record.Gateway);
        list.AddKnown(AttributeKeys.Listener, record.Listener);
        list.AddKnown(AttributeKeys.RouteRule, record.RouteRule);
        list.AddKnown(AttributeKeys.Route, record.Route);
        list.AddKnown(AttributeKeys.Endpoint, record.Endpoint);
        list.AddKnown(AttributeKeys.SourceAddress, record.SourceAddress);
        list.AddKnown(AttributeKeys.SourceIdentity, record.SourceIdentity);
        list.AddKnown(AttributeKeys.HttpMethod, record.Method);
        if (HostLength(record.Host) is > 0 and var length)
        {
            list.Add(AttributeKeys.HttpHost, AttributeValue.Slice(record.Host, 0, length));
        }

        list.AddKnown(AttributeKeys.HttpPath, record.Path);
        list.AddKnown(AttributeKeys.HttpVersion, VersionText(record.HttpVersion));
        if (status > 0)
        {
            list.Add(AttributeKeys.HttpStatus, (long)status);
        }

        list.AddKnown(AttributeKeys.GrpcStatus, record.GrpcStatus);
        if (record.OwnText is { } own)
        {
            list.Add(AttributeKeys.TraceId, AttributeValue.Slice(own, TraceContext.TraceIdStart, TraceId.HexLength));
            list.Add(AttributeKeys.SpanId, AttributeValue.Slice(own, TraceContext.SpanIdStart, SpanId.HexLength));
        }

        list.AddKnown(AttributeKeys.JwtSubject, record.JwtSubject);
        list.AddKnown(AttributeKeys.Protocol, record.Protocol);
        if (record.A2aMethod is not null || record.A2aOutcome is not null)
        {
            CollectA2a(record, list);
        }

        if (record.McpMethod is not null || record.McpSessionId is not null)
        {
            CollectMcp(record, list);
        }

        if (record.RetryAttempt > 0)
        {
            list.Add(AttributeKeys.RetryAttempt, record.RetryAttempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        list.AddKnown(AttributeKeys.Error, record.Error);
        if (record.Reason != ResponseReason.Upstream)
        {
            list.Add(AttributeKeys.Reason, record.Reason.Text());
        }

        list.Add(AttributeKeys.Duration, AttributeValue.Milliseconds(durationMilliseconds));
        list.AddKnown(AttributeKeys.UrlScheme, scheme);
        list.AddKnown(AttributeKeys.NetworkProtocolVersion, ProtocolVersion(record.HttpVersion));
        // What the client ended is no error of a kind that the reasons know.
        if (record.Error is not null && record.Reason != ResponseReason.Upstream)
        {
            list.Add(AttributeKeys.ErrorType, record.Reason.Text());
        }
    }

    /// <summary>Appends what is known of a connection without HTTP.</summary>
    public static void Collect(TcpRecord record, long durationMilliseconds, AttributeList list)
    {
        list.AddKnown(AttributeKeys.Gateway, record.Listener.Gateway);
        list.AddKnown(AttributeKeys.Listener, record.Listener.Name);
        list.AddKnown(AttributeKeys.Route, record.Route?.Name);
        list.AddKnown(AttributeKeys.Endpoint, record.Endpoint);
        list.AddKnown(AttributeKeys.SourceAddress, record.SourceAddress);
        list.AddKnown(AttributeKeys.TlsSni, record.ServerName);
        list.AddKnown(AttributeKeys.Protocol, "tcp");
        list.AddKnown(AttributeKeys.Error, record.Error);
        if (record.Reason != ResponseReason.Upstream)
        {
            list.Add(AttributeKeys.Reason, record.Reason.Text());
        }

        list.Add(AttributeKeys.Duration, AttributeValue.Milliseconds(durationMilliseconds));
    }

    /// <summary>Length of the host name in <c>host:port</c>, with the brackets of an IPv6 address.</summary>
    public static int HostLength(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.AsSpan(colon).Contains(']') ? host.Length : colon;
    }

    // HTTP/2 is written HTTP/2.0 (table 1.6), which is also what other gateways log.
    private static string VersionText(string version) => version switch
    {
        "HTTP/2" => "HTTP/2.0",
        "HTTP/3" => "HTTP/3.0",
        _ => version,
    };

    private static string ProtocolVersion(string version) => version switch
    {
        "HTTP/1.1" => "1.1",
        "HTTP/2" => "2",
        "HTTP/1.0" => "1.0",
        "HTTP/3" => "3",
        _ => "",
    };

    private static void CollectA2a(RequestRecord record, AttributeList list)
    {
        list.AddKnown(AttributeKeys.A2aMethod, record.A2aMethod);
        list.AddKnown(AttributeKeys.A2aOutcome, record.A2aOutcome);
        list.AddKnown(AttributeKeys.A2aErrorCode, record.A2aErrorCode);
        list.AddKnown(AttributeKeys.A2aResultKind, record.A2aResultKind);
        list.AddKnown(AttributeKeys.A2aTaskState, record.A2aTaskState);
        list.AddKnown(AttributeKeys.A2aContextId, record.A2aContextId);
    }

    private static void CollectMcp(RequestRecord record, AttributeList list)
    {
        list.AddKnown(AttributeKeys.McpMethod, record.McpMethod);
        list.AddKnown(AttributeKeys.McpTarget, record.McpTarget);
        list.AddKnown(AttributeKeys.McpResourceType, record.McpResourceType);
        list.AddKnown(AttributeKeys.McpResourceUri, record.McpResourceUri);
        list.AddKnown(AttributeKeys.ToolName, record.McpToolName);
        list.AddKnown(AttributeKeys.PromptName, record.McpPromptName);
        list.AddKnown(AttributeKeys.McpSessionId, record.McpSessionId);
        list.AddKnown(AttributeKeys.McpErrorCode, record.McpErrorCode);
        list.AddKnown(AttributeKeys.McpErrorMessage, record.McpErrorMessage);
    }
}
