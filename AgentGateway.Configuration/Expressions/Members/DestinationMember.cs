namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>destination</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class DestinationMember
{
    /// <summary>IP address the client connected to.</summary>
    public const int Address = 0;

    /// <summary>Port the client connected to.</summary>
    public const int Port = 1;

    /// <summary>Host name the client asked for, from SNI or CONNECT.</summary>
    public const int Hostname = 2;
}
