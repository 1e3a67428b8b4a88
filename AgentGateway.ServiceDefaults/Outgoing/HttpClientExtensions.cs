using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentGateway.ServiceDefaults.Outgoing;

/// <summary>Defaults for clients made by <see cref="IHttpClientFactory"/>.</summary>
public static class HttpClientExtensions
{
    /// <summary>
    /// Resolves service names (<c>services__NAME__http__0</c>) and applies the standard resilience pipeline (total timeout, retries,
    /// circuit breaker, attempt timeout) to every factory client.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The builder to configure.</param>
    /// <returns>The same <paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder AddDefaultHttpClients<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(static http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }
}
