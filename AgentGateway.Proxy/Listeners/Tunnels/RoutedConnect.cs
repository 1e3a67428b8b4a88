using System.Globalization;
using System.Net;
using System.Text;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentGateway.Proxy.Listeners.Tunnels;

/// <summary>
/// Serves a CONNECT request that opens an HTTP/1.1 connection by ordinary routing (<c>frontendPolicies.connect.mode: route</c>). Such a request is
/// taken before the HTTP server sees the connection, because that one cannot hand the connection's bytes over once it has read a head.
/// </summary>
internal sealed class RoutedConnect : IClientTunnel, IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature
{
    private readonly ConnectionContext _connection;
    private readonly CancellationTokenSource _aborted;
    private readonly HttpResponseFeature _response = new();
    private bool _isOpen;

    private RoutedConnect(ConnectionContext connection, CancellationTokenSource aborted) => (_connection, _aborted) = (connection, aborted);

    public bool CanHaveBody => false;

    public CancellationToken RequestAborted
    {
        get => _aborted.Token;
        set => throw new NotSupportedException();
    }

    /// <summary>Looks at the start of a connection and reads the head of a CONNECT request; null with nothing consumed for anything else.</summary>
    public static async ValueTask<ConnectRequest?> ReadAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            switch (ConnectRequest.TryRead(read.Buffer, out var request, out var length))
            {
                case ConnectRequest.Result.Found:
                    input.AdvanceTo(read.Buffer.GetPosition(length));
                    return request;
                case ConnectRequest.Result.NeedMore when !read.IsCompleted:
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    break;
                default:
                    // The HTTP server serves other methods and answers 400 to what breaks the rules.
                    input.AdvanceTo(read.Buffer.Start);
                    return null;
            }
        }
    }

    /// <summary>Runs the request through the gateway; the connection ends with it, at the latest when the port has no more time to drain.</summary>
    public static async Task ServeAsync(ConnectionContext connection, ConnectRequest request, GatewayApplication application, CancellationToken drainIsOver)
    {
        await Task.Yield();
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(drainIsOver);
        var self = new RoutedConnect(connection, aborted);
        using var body = new MemoryStream();
        try
        {
            var context = application.CreateContext(self.FeaturesOf(request, body));
            Exception? failure = null;
            try
            {
                await application.ProcessRequestAsync(context);
                if (!self._isOpen)
                {
                    await self.ReplyAsync(body);
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
            {
                failure = error;
            }

            application.DisposeContext(context, failure);
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    public void Abort()
    {
        _aborted.Cancel();
        _connection.Abort(new ConnectionAbortedException("the tunnel was aborted"));
    }

    public async ValueTask<Stream> AcceptAsync()
    {
        _isOpen = true;
        _response.StatusCode = StatusCodes.Status200OK;
        await _connection.Transport.Output.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        return new DuplexPipeStream(_connection.Transport);
    }

    private FeatureCollection FeaturesOf(ConnectRequest request, MemoryStream body)
    {
        var local = _connection.LocalEndPoint as IPEndPoint;
        var remote = _connection.RemoteEndPoint as IPEndPoint;
        var features = new FeatureCollection(_connection.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = HttpMethods.Connect,
            Protocol = "HTTP/1.1",
            Scheme = _connection.Features.Get<ITlsConnectionFeature>() is null ? "http" : "https",
            RawTarget = request.Authority,
            Path = "",
            Headers = request.Headers,
        });
        features.Set<IHttpResponseFeature>(_response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            ConnectionId = _connection.ConnectionId,
            LocalIpAddress = local?.Address,
            LocalPort = local?.Port ?? 0,
            RemoteIpAddress = remote?.Address,
            RemotePort = remote?.Port ?? 0,
        });
        features.Set<IHttpRequestLifetimeFeature>(this);
        features.Set<IHttpRequestBodyDetectionFeature>(this);
        features.Set<IClientTunnel>(this);
        return features;
    }

    private async ValueTask ReplyAsync(MemoryStream body)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {_response.StatusCode} {ReasonPhrases.GetReasonPhrase(_response.StatusCode)}\r\n");
        foreach (var (name, values) in _response.Headers)
        {
            foreach (var value in values)
            {
                if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                {
                    head.Append(name).Append(": ").Append(value).Append("\r\n");
                }
            }
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        var output = _connection.Transport.Output;
        await output.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()));
        await output.WriteAsync(body.ToArray());
        await output.CompleteAsync();
    }
}
