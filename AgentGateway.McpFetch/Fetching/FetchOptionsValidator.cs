using Microsoft.Extensions.Options;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>Refuses limits that would switch a protection off. Collects every error.</summary>
internal sealed class FetchOptionsValidator : IValidateOptions<FetchOptions>
{
    internal static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(10);
    internal const int MaxResponseBytesLimit = 64 * 1024 * 1024;
    internal const int MaxRedirectsLimit = 20;
    internal const int MaxConcurrentFetchesLimit = 1024;

    public ValidateOptionsResult Validate(string? name, FetchOptions options)
    {
        var errors = new List<string>();
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > MaxTimeout)
            errors.Add($"{FetchOptions.Section}:{nameof(options.Timeout)} is {options.Timeout}; use more than zero and at most {MaxTimeout}.");
        Range(nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1, MaxResponseBytesLimit);
        Range(nameof(options.MaxRedirects), options.MaxRedirects, 0, MaxRedirectsLimit);
        Range(nameof(options.MaxConcurrentFetches), options.MaxConcurrentFetches, 1, MaxConcurrentFetchesLimit);
        using (var request = new HttpRequestMessage())
        {
            if (!request.Headers.UserAgent.TryParseAdd(options.UserAgent))
                errors.Add($"{FetchOptions.Section}:{nameof(options.UserAgent)} is not a valid User-Agent header value.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Range(string key, int value, int min, int max)
        {
            if (value < min || value > max)
                errors.Add($"{FetchOptions.Section}:{key} is {value}; use {min} to {max}.");
        }
    }
}
