using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Answers with a redirect.</summary>
public sealed record RequestRedirect : PolicySnapshot
{
    internal static Shape<RequestRedirect> Shape { get; } = Shapes.Object("RequestRedirect", "Answers with a redirect.", Read);

    /// <summary>Scheme of the target; the request's by default.</summary>
    public string? Scheme { get; init; }

    /// <summary>Authority of the target.</summary>
    public AuthorityRewrite? Authority { get; init; }

    /// <summary>Path of the target.</summary>
    public PathRewrite? Path { get; init; }

    /// <summary>Status of the answer.</summary>
    public int Status { get; init; } = 302;

    private static RequestRedirect Read(ObjectReader r) => new()
    {
        Scheme = r.Optional("scheme", ValueShapes.Scheme, "Scheme of the target; the request's by default.", "https"),
        Authority = r.Optional("authority", AuthorityRewrite.Shape, "Authority of the target."),
        Path = r.Optional("path", PathRewrite.Shape, "Path of the target."),
        Status = r.Value("status", Shapes.Int(300, 399, "302"), 302, "Status of the answer.", "302"),
    };
}
