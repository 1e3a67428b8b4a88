using AgentGateway.Tests.Proxy.Acceptance;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>A gateway from the text of a configuration with one route, as a user writes it, in front of an upstream of the test.</summary>
internal static class ConfiguredRoute
{
    /// <summary>64 hexadecimal digits that cookies of logins are sealed with.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["OIDC_COOKIE_SECRET"] = PolicyGateway.CookieSecret };

    /// <summary>Starts a gateway.</summary>
    /// <param name="upstream">Port of the upstream on loopback.</param>
    /// <param name="route">Policies of the route, a YAML flow mapping.</param>
    /// <param name="backend">Policies of its backend, a YAML flow mapping.</param>
    /// <param name="listener">Policies of the listener, a YAML flow mapping.</param>
    /// <param name="more">Further top-level keys.</param>
    public static Task<TestGateway> StartAsync(int upstream, string route, string backend = "{}", string listener = "{}", string more = "") =>
        ConfiguredGateway.StartAsync(Text(upstream, route, backend, listener, more), environment: Environment);

    /// <summary>The configuration that <see cref="StartAsync"/> starts.</summary>
    public static string Text(int upstream, string route, string backend = "{}", string listener = "{}", string more = "") => $"""
        {more}
        binds:
        - port: {ConfiguredGateway.FreePorts(1)[0]}
          listeners:
          - policies: {listener}
            routes:
            - policies: {route}
              backends:
              - host: 127.0.0.1:{upstream}
                policies: {backend}
        """;

    /// <summary>Sends a request written by hand and reads head and body of the answer.</summary>
    public static async Task<(string Head, string Body)> SendRawAsync(this TestGateway gateway, string request)
    {
        using var peer = await Backends.RawPeer.ConnectAsync(gateway.Address.Port);
        await peer.SendAsync(request);
        return await peer.ReadResponseAsync();
    }

    /// <summary>Sends a POST with a text as its body.</summary>
    public static async Task<HttpResponseMessage> PostAsync(this TestGateway gateway, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request, Xunit.TestContext.Current.CancellationToken);
    }
}
