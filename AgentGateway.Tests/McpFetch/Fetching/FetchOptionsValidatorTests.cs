using AgentGateway.McpFetch.Fetching;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Fetching;

public sealed class FetchOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_Pass() => Assert.True(new FetchOptionsValidator().Validate(null, new FetchOptions()).Succeeded);

    [Fact]
    public void Validate_SeveralWrong_AllNamed()
    {
        var result = new FetchOptionsValidator().Validate(null, new FetchOptions
        {
            Timeout = TimeSpan.Zero,
            MaxResponseBytes = 0,
            MaxRedirects = -1,
            MaxConcurrentFetches = 0,
            UserAgent = "bad\nagent",
        });

        Assert.Equal(5, result.Failures!.Count());
        Assert.Contains(result.Failures!, static f => f.StartsWith("McpFetch:MaxRedirects is -1; use 0 to 20", StringComparison.Ordinal));
    }
}
