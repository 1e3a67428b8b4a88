using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A policy that names what it applies to.</summary>
internal sealed record TargetedPolicy
{
    private static readonly Shape<string> PolicyName = Shapes.Object("ResourceName", "A name in a namespace.", static r =>
        $"{r.Required("namespace", Shapes.Text, "Namespace; may be empty outside of clusters.", "default")}/{r.RequiredText("name", "Name.", "limits")}");

    public static Shape<TargetedPolicy> Shape { get; } = Shapes.Object("TargetedPolicy", "A policy that names what it applies to.", static r =>
    {
        var policy = new TargetedPolicy
        {
            At = r.Location,
            PolicyAt = r.At("policy"),
            PhaseAt = r.At("phase"),
            TargetAt = r.At("target"),
            Name = r.Required("name", PolicyName, "Name of the policy.", "{name: limits, namespace: default}"),
            Target = r.Required("target", PolicyTarget.Shape, "What it applies to.", "{gateway: {gatewayName: default, gatewayNamespace: default}}"),
            GatewayPhase = r.Value("phase", Shapes.Enum(("route", false), ("gateway", true)), false, "`gateway` runs before a route is chosen, `route` after.", "route"),
            Policies = r.Required("policy", PolicySetShapes.Route, "The policy; exactly one key.", "{timeout: {requestTimeout: 10s}}"),
        };
        if (!r.Describing && r.KeysInside("policy") is { } count && count != 1)
        {
            r.Error("policy", $"'policies' must contain exactly 1 policy, found {count}; write an entry for each");
        }

        return policy with { Policies = LocalRateLimits.Share(policy.Policies, $"policy {policy.Name} of {policy.Target}") };
    });

    public required SourceLocation At { get; init; }

    public required SourceLocation PolicyAt { get; init; }

    public required SourceLocation PhaseAt { get; init; }

    public required SourceLocation TargetAt { get; init; }

    public required string Name { get; init; }

    public required PolicyTarget Target { get; init; }

    public bool GatewayPhase { get; init; }

    public required EquatableArray<PolicySnapshot> Policies { get; init; }
}
