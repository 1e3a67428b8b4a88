namespace AgentGateway.Configuration.Snapshot;

/// <summary>How a route's path value is compared with the request path.</summary>
public enum PathMatchKind
{
    /// <summary>Equal to the path.</summary>
    Exact,

    /// <summary>Whole path segments at the start: <c>/foo</c> matches <c>/foo</c> and <c>/foo/bar</c>, not <c>/foobar</c>.</summary>
    Prefix,

    /// <summary>Regular expression over the whole path.</summary>
    Regex,
}
