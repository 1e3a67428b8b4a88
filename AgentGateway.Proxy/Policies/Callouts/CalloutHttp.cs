using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Small requests that policies send to addresses of identity providers: bounded in time and size, with a span of their own.</summary>
internal sealed class CalloutHttp : IDisposable
{
    /// <summary>Largest answer that is read.</summary>
    public const int MaxResponseLength = 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 32,
    });

    public CalloutHttp(TimeProvider time) => _time = time;

    /// <summary>Sends a request; the caller disposes of it.</summary>
    /// <param name="record">Request on whose behalf it is sent, or null for the gateway itself.</param>
    /// <param name="subtype">Policy that calls.</param>
    /// <param name="request">Request with an absolute address.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="through">Connections to use, or null for those of identity providers.</param>
    /// <param name="limit">Longest time, or null for the usual one of 10 seconds.</param>
    /// <exception cref="CalloutException">There was no whole answer in time.</exception>
    public async Task<CalloutResponse> SendAsync(RequestRecord? record, string subtype, HttpRequestMessage request, CancellationToken cancellationToken, HttpMessageInvoker? through = null, TimeSpan? limit = null)
    {
        var span = record?.StartOutbound(OutboundKind.Policy, subtype, $"{request.Method} {request.RequestUri!.Authority}");
        if (span is not null)
        {
            request.Headers.Remove("traceparent");
            request.Headers.TryAddWithoutValidation("traceparent", span.Traceparent);
        }

        try
        {
            var patience = limit ?? Timeout;
            using var timeout = new CancellationTokenSource(patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                using var response = await (through ?? _http).SendAsync(request, either.Token);
                var body = await BoundedBody.ReadAsync(response.Content, MaxResponseLength, either.Token);
                span?.Set("http.status", (int)response.StatusCode);
                return new CalloutResponse((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), body, HeadersOf(response));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CalloutException($"no answer within {patience.TotalSeconds:0.###} s");
            }
            catch (Exception error) when (error is HttpRequestException or IOException or FormatException)
            {
                throw new CalloutException(error.Message, error);
            }
        }
        catch (CalloutException error)
        {
            span?.Fail(nameof(ResponseReason.UpstreamFailure), error.Message);
            throw;
        }
        finally
        {
            span?.End();
        }
    }

    public void Dispose() => _http.Dispose();

    private static List<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            foreach (var value in values)
            {
                headers.Add(new(name, value));
            }
        }

        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            headers.Add(new(name, values.ToString()));
        }

        return headers;
    }
}
