using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>
/// The transport for what the fast client does not speak: TLS, HTTP/2, tunnels through proxies. Over <see cref="SocketsHttpHandler"/>, which keeps the pools and the
/// HTTP/2 streams; an invoker above it adds no layer of its own.
/// </summary>
internal sealed class GeneralTransport : IUpstreamTransport
{
    private readonly HttpMessageInvoker _invoker;
    private readonly EndPoint _endpoint;
    private readonly TargetAddress _target;
    private readonly UpstreamDialer _dialer;
    private readonly string _scheme;
    private readonly TransportOptions _options;

    public GeneralTransport(EndPoint endpoint, TargetAddress target, TransportOptions options, UpstreamDialer dialer)
    {
        _options = options;
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
            ConnectCallback = (connection, cancellationToken) => ConnectAsync(connection, cancellationToken),
        };
        _endpoint = endpoint;
        _target = target;
        _dialer = dialer;
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
            if (cause is UpstreamException upstream)
            {
                return upstream;
            }
        }

        return e switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new UpstreamException(UpstreamFailure.Connect, "connect failed", e),
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError } =>
                new UpstreamException(UpstreamFailure.Connect, "the upstream does not speak the HTTP version that is asked for", e),
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

    // TLS is done by the dialer because the handler would verify against the Host header, which for an address is the client's.
    private ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken cancellationToken) =>
        _dialer.DialAsync(
            _endpoint,
            _target,
            _options,
            _options.Tls is { } tls ? BackendTlsAuthentication.ProtocolsOf(tls, connection.InitialRequestMessage.Version) : null,
            cancellationToken);

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
        var (version, policy) = ChooseVersion(request);
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), uri) { Version = version, VersionPolicy = policy, Content = content };
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
        if (request.Upgrade is { } upgrade)
        {
            headers.TryAddWithoutValidation("Connection", "Upgrade");
            headers.TryAddWithoutValidation("Upgrade", upgrade);
        }
        else if (request.AcceptsTrailers)
        {
            headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        if (request.Body is null)
        {
            if (message.Content is null && (request.ContentLength == 0 || request.Method is "POST" or "PUT" or "PATCH"))
            {
                message.Content = new ByteArrayContent([]);
            }
        }
        else if (request.ContentLength is null && message.Version.Major == 1)
        {
            headers.TransferEncodingChunked = true;
        }

        if (request.ExpectContinue)
        {
            headers.ExpectContinue = true;
        }
    }

    private (Version Version, HttpVersionPolicy Policy) ChooseVersion(UpstreamRequest request)
    {
        if (request.Upgrade is not null)
        {
            return (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        }

        if (_options.HttpVersion is { } wanted)
        {
            return (wanted, HttpVersionPolicy.RequestVersionExact);
        }

        if (_options.Tls is null)
        {
            return (request.IsGrpc ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        }

        return _options.Tls.Alpn is { IsEmpty: false } alpn && !alpn.Contains("h2")
            ? (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact)
            : (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
    }
}
