namespace AgentGateway.Proxy.Backends.Auth.Aws;

/// <summary>Region and signing name of a service, as its host name tells them (<c>service.region.amazonaws.com</c>).</summary>
internal static class AwsServiceNames
{
    /// <summary>Signing name and region; null for what the host does not tell.</summary>
    public static (string? Service, string? Region) FromHost(string host)
    {
        var colon = host.IndexOf(':');
        var name = (colon < 0 ? host : host[..colon]).TrimEnd('.');
        foreach (var suffix in (ReadOnlySpan<string>)[".amazonaws.com", ".amazonaws.com.cn", ".api.aws"])
        {
            if (!name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var labels = name[..^suffix.Length].ToLowerInvariant().Split('.');
            var region = labels.Length > 1 && IsRegion(labels[^1]) ? labels[^1] : null;
            var service = region is null ? labels[^1] : labels[^2];
            return (SigningName(service), region);
        }

        return (null, null);
    }

    // Services whose endpoint is not called as they sign (botocore's endpoint data, "signingName").
    private static string SigningName(string endpoint) => endpoint switch
    {
        "bedrock-runtime" or "bedrock-agent" or "bedrock-agent-runtime" => "bedrock",
        "bedrock-agentcore-control" => "bedrock-agentcore",
        "email" => "ses",
        "runtime" => "sagemaker",
        _ when endpoint.StartsWith("s3-", StringComparison.Ordinal) => "s3",
        _ => endpoint,
    };

    // As us-east-1, ap-southeast-3, us-gov-west-1.
    private static bool IsRegion(string label)
    {
        var parts = label.Split('-');
        return parts.Length >= 3 && parts[0].Length == 2 && parts[^1].Length is 1 or 2 && char.IsAsciiDigit(parts[^1][0]);
    }
}
