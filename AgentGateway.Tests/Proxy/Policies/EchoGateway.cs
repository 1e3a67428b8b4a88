using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>A gateway with one route, in front of an upstream that answers with the request it got.</summary>
internal sealed class EchoGateway : IAsyncDisposable
{
    private readonly RawUpstream _upstream;

    private EchoGateway(TestGateway gateway, RawUpstream upstream)
    {
        Gateway = gateway;
        _upstream = upstream;
    }

    public TestGateway Gateway { get; }

    public HttpClient Client => Gateway.Client;

    public int Port => Gateway.Address.Port;

    /// <summary>Connections that the upstream has accepted.</summary>
    public int UpstreamConnections => _upstream.Connections;

    /// <summary>A gateway whose route has these policies and calls the echo.</summary>
    public static Task<EchoGateway> StartAsync(params PolicySnapshot[] policies) => StartAsync(route => route with { Policies = [.. policies] });

    /// <summary>A gateway whose route to the echo is changed before it starts.</summary>
    public static Task<EchoGateway> StartAsync(Func<RouteSnapshot, RouteSnapshot> change, TimeProvider? time = null, string headers = "") =>
        StartAsync(change, static listener => listener, time, headers);

    public static async Task<EchoGateway> StartAsync(
        Func<RouteSnapshot, RouteSnapshot> change, Func<ListenerSnapshot, ListenerSnapshot> changeListener, TimeProvider? time = null, string headers = "")
    {
        var upstream = Echo(headers);
        var gateway = await TestGateway.StartAsync(Snapshot(upstream.Backend, change, changeListener), time: time);
        return new EchoGateway(gateway, upstream);
    }

    public static GatewaySnapshot Snapshot(BackendSnapshot backend, Func<RouteSnapshot, RouteSnapshot> change, Func<ListenerSnapshot, ListenerSnapshot>? changeListener = null)
    {
        var snapshot = TestGateway.OneRoute(backend);
        var bind = snapshot.Binds[0];
        var listener = bind.Listeners[0];
        listener = listener with { Routes = [change(listener.Routes[0])] };
        return snapshot with { Binds = [bind with { Listeners = [changeListener is null ? listener : changeListener(listener)] }] };
    }

    /// <summary>An upstream whose answer is the request, head and body.</summary>
    public static RawUpstream Echo(string headers = "", string status = "200 OK") => RawUpstream.Start(async peer =>
    {
        while (true)
        {
            var request = await peer.ReadHeadAsync();
            var mark = request.IndexOf("content-length: ", StringComparison.OrdinalIgnoreCase);
            if (mark >= 0)
            {
                var length = request[(mark + 16)..request.IndexOf('\r', mark)];
                request += await peer.ReadBytesAsync(int.Parse(length, System.Globalization.CultureInfo.InvariantCulture));
            }

            await peer.SendAsync($"HTTP/1.1 {status}\r\nContent-Length: {request.Length}\r\n{headers}\r\n{(request.StartsWith("HEAD", StringComparison.Ordinal) ? "" : request)}");
        }
    });

    /// <summary>Sends a request written by hand and reads head and body of the answer.</summary>
    public async Task<(string Head, string Body)> SendAsync(string request)
    {
        using var peer = await RawPeer.ConnectAsync(Port);
        await peer.SendAsync(request);
        return await peer.ReadResponseAsync();
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => RequestAsync(HttpMethod.Get, path, headers);

    public async Task<HttpResponseMessage> RequestAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}

internal static class ResponseReading
{
    public static Task<string> TextAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>The value of a response header, or null; several are joined with <c>|</c>.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join('|', values) : null;
}
