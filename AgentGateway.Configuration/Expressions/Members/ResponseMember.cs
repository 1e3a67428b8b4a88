namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>response</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class ResponseMember
{
    /// <summary>HTTP status code.</summary>
    public const int Code = 0;

    /// <summary>gRPC status, when the response carries one.</summary>
    public const int GrpcStatus = 1;

    /// <summary>Response headers, case-insensitive: a string, or a list when repeated.</summary>
    public const int Headers = 2;

    /// <summary>Response body; reading it makes the gateway keep it, up to its buffering limit.</summary>
    public const int Body = 3;

    /// <summary>First bytes of the response body, up to the buffering limit.</summary>
    public const int BodyPrefix = 4;
}
