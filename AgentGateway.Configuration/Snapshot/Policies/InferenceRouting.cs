using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Lets an endpoint picker (ext_proc) choose the endpoint of a service.</summary>
public sealed record InferenceRouting : PolicySnapshot
{
    internal static Shape<InferenceRouting> Shape { get; } = Shapes.Object("InferenceRouting", "Lets an endpoint picker (ext_proc) choose the endpoint of a service.", Read);

    /// <summary>The picker.</summary>
    public required BackendReference EndpointPicker { get; init; }

    /// <summary>How far its choice is trusted.</summary>
    public InferenceDestinationMode DestinationMode { get; init; }

    private static InferenceRouting Read(ObjectReader r) => new()
    {
        EndpointPicker = r.Required("endpointPicker", BackendReference.Shape, "The picker."),
        DestinationMode = r.Value("destinationMode", EnumShapes.InferenceDestinationModeWords, InferenceDestinationMode.Validated, "How far its choice is trusted.", "validated"),
    };
}
