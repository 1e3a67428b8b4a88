namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>trace</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class TraceMember
{
    /// <summary>Trace id of the request, 32 hexadecimal digits.</summary>
    public const int Id = 0;

    /// <summary>Id of the request's span, 16 hexadecimal digits.</summary>
    public const int SpanId = 1;

    /// <summary>Whether the request is traced.</summary>
    public const int Sampled = 2;
}
