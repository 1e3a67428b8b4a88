using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>
/// The transport for what the fast client does not speak: HTTP/2. Over <see cref="SocketsHttpHandler"/>, which keeps the connections and their streams; an invoker above
/// it adds no layer of its own.
/// </summary>
internal sealed class GeneralTransport : IUpstreamTransport
{
    private readonly HttpMessageInvoker _invoker;
    private readonly string _scheme;

    /// <param name="options">How connections are made.</param>
    /// <param name="connect">Makes one on which HTTP/2 can be spoken.</param>
    public GeneralTransport(TransportOptions options, Func<CancellationToken, ValueTask<Stream>> connect)
    {
        _scheme = options.Tls is null ? "http" : "https";
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = options.PoolIdleTimeout,
            MaxResponseHeadersLength = ResponseHeadParser.MaxHeadBytes / 1024,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,

            // TLS is none of the handler's: it would verify against the Host header, which for an address is the client's.
            ConnectCallback = (_, cancellationToken) => connect(cancellationToken),
        };
        _invoker = new HttpMessageInvoker(handler);
    }

    public async ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var content = request.Body is null ? null : new PipeContent(request);
        HttpRequestMessage? message = null;
        HttpResponseMessage? response = null;
        try
        {
            message = CreateMessage(request, content);
            response = await _invoker.SendAsync(message, cancellationToken);
            GeneralResponseHead.Check(response);
            return new GeneralResponse(request, message, response, content);
        }
        catch (Exception e)
        {
            response?.Dispose();
            if (content is not null)
            {
                await content.StopAsync();
            }

            message?.Dispose();
            throw Explain(e, content, cancellationToken);
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>Turns what the handler throws into what callers handle.</summary>
    internal static Exception Explain(Exception e, PipeContent? content, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellationToken);
        }

        if (content?.ClientFailure is { } client)
        {
            return new UpstreamException(UpstreamFailure.RequestBody, client.Message, client);
        }

        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is UpstreamException or OtherProtocolException)
            {
                return cause;
            }
        }

        return e switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new UpstreamException(UpstreamFailure.Connect, "connect failed", e),
            HttpRequestException or IOException => Broken(e),
            OperationCanceledException => new UpstreamException(UpstreamFailure.ConnectTimeout, "connect timed out", e),
            FormatException or ArgumentException => new UpstreamException(UpstreamFailure.InvalidRequest, e.Message, e),
            _ => e,
        };
    }

    private static UpstreamException Broken(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            var kind = cause switch
            {
                HttpRequestException request => request.HttpRequestError,
                HttpIOException reading => reading.HttpRequestError,
                _ => HttpRequestError.Unknown,
            };
            switch (kind)
            {
                case HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded:
                    return new UpstreamException(UpstreamFailure.Protocol, "invalid response", e);
                case HttpRequestError.HttpProtocolError:
                    return new UpstreamException(UpstreamFailure.Protocol, "invalid response: the HTTP/2 exchange was broken off", e);
                case HttpRequestError.ResponseEnded:
                    return new UpstreamException(UpstreamFailure.Closed, "connection closed before the response was whole", e);
            }

            if (cause is SocketException socket)
            {
                return new UpstreamException(UpstreamFailure.Closed, $"connection broke: {SocketErrorText.Of(socket)}", e);
            }
        }

        return new UpstreamException(UpstreamFailure.Closed, "connection broke", e);
    }

    private HttpRequestMessage CreateMessage(UpstreamRequest request, PipeContent? content)
    {
        var target = request.Target.StartsWith('/') ? request.Target : "/" + request.Target;

        if (FieldRules.IsMalformedTarget(target))
        {
            throw FieldRules.MalformedTarget(target);
        }

        // Canonicalisation would change what the client wrote (%2e, backslashes). The authority only names the handler's pool, one for all hosts that
        // clients may ask for; what the upstream sees is the Host header.
        var uri = new Uri($"{_scheme}://upstream{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = message.Headers;
        headers.Host = request.Host;
        foreach (var (name, values) in request.Headers)
        {
            if (HopByHop.IsRequestHeader(name) || (request.Traceparent is not null && name.Equals("traceparent", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (FieldRules.IsForbidden(value))
                {
                    throw FieldRules.MalformedValue(name, value!);
                }
            }

            IEnumerable<string?> lines = values.Count > 1 && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
                ? [string.Join("; ", values.ToArray())]
                : values;
            if (!headers.TryAddWithoutValidation(name, lines))
            {
                if (!HttpToken.IsValid(name))
                {
                    throw FieldRules.MalformedName();
                }

                // Fields of a body. Without one they still may be said (Content-Type of a GET), and only content can carry them.
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, lines);
            }
        }

        if (request.Traceparent is { } traceparent)
        {
            headers.TryAddWithoutValidation("traceparent", traceparent);
        }

        if (request.RetryAttempt > 0)
        {
            headers.TryAddWithoutValidation("x-retry-attempt", request.RetryAttempt.ToString(CultureInfo.InvariantCulture));
        }

        AddConnectionFields(request, message);
        return message;
    }

    private static void AddConnectionFields(UpstreamRequest request, HttpRequestMessage message)
    {
        var headers = message.Headers;
        if (request.AcceptsTrailers)
        {
            headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        if (request.Body is null && message.Content is null && (request.ContentLength == 0 || request.Method is "POST" or "PUT" or "PATCH"))
        {
            message.Content = new ByteArrayContent([]);
        }

        if (request.ExpectContinue)
        {
            headers.ExpectContinue = true;
        }
    }
}
