using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What happens when an external authorization service cannot be asked.</summary>
/// <param name="Allow">True lets the request pass.</param>
/// <param name="Status">Status of the refusal; 403 by default.</param>
public sealed record ExtAuthzFailureMode(bool Allow, int Status)
{
    internal static Shape<ExtAuthzFailureMode> Shape { get; } = Shapes.ByKind(
        scalar: Shapes.Enum(("deny", false), ("allow", true)).As(static allow => new ExtAuthzFailureMode(allow, 403)),
        mapping: Shapes.Object("ExtAuthzDenyWithStatus", "Refusal with a status.", static r =>
            new ExtAuthzFailureMode(false, r.Required("denyWithStatus", Shapes.Int(400, 599, "503"), "Status of the refusal."))));
}
