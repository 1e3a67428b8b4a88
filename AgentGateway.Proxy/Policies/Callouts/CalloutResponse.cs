namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>A whole answer to a callout.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type, or null.</param>
/// <param name="Body">Body.</param>
/// <param name="Headers">All headers, as they came.</param>
internal sealed record CalloutResponse(int Status, string? ContentType, byte[] Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The first value of a header, or null.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
