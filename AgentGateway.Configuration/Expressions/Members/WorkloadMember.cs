namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>source.unverifiedWorkload</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class WorkloadMember
{
    /// <summary>Name of the workload.</summary>
    public const int Name = 0;

    /// <summary>Namespace of the workload.</summary>
    public const int Namespace = 1;

    /// <summary>Service account of the workload.</summary>
    public const int ServiceAccount = 2;
}
