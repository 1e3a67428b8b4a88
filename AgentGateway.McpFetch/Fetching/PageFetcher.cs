using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using AgentGateway.McpFetch.Network;
using Microsoft.Extensions.Options;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>Fetches pages over HTTP(S) under the limits of <see cref="FetchOptions"/>.</summary>
internal sealed class PageFetcher : IPageFetcher, IDisposable
{
    private const int MaxResponseHeadersKilobytes = 64;
    private const int MaxDrainBytes = 64 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly FetchOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _slots;

    public PageFetcher(IOptions<FetchOptions> options, IHostResolver resolver, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _slots = new SemaphoreSlim(_options.MaxConcurrentFetches);
        var connector = new GuardedConnector(resolver, _options.AllowPrivateAddresses);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            UseProxy = false, // a proxy would resolve the name itself, past the address check
            AllowAutoRedirect = false, // followed here, so that every hop is checked and counted
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            MaxResponseHeadersLength = MaxResponseHeadersKilobytes,
            MaxResponseDrainSize = MaxDrainBytes,
            ResponseHeaderEncodingSelector = static (name, _) => name == "Location" ? Encoding.UTF8 : null, // unescaped targets are common
            // Our spans must not hand their ids to whatever site the caller names.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        });
    }

    public void Dispose()
    {
        _http.Dispose();
        _slots.Dispose();
    }

    public async Task<FetchedPage> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var current = new Hop { Url = url };
        try
        {
            await _slots.WaitAsync(linked.Token);
            try
            {
                return await FollowAsync(current, linked.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception e) when (e is not FetchException && deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(FetchFailure.Timeout, current.Url, $"no complete answer within {_options.Timeout.TotalSeconds:0.###} s", e);
        }
        catch (Exception e) when (Explain(e) is { } explained && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(explained.Failure, current.Url, explained.Reason, e);
        }
    }

    private async Task<FetchedPage> FollowAsync(Hop hop, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var redirects = 0; ; redirects++)
        {
            var url = hop.Url;
            if (!seen.Add(url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)))
                throw Failed(FetchFailure.TooManyRedirects, url, "the redirects form a loop");
            if (redirects > _options.MaxRedirects)
                throw Failed(FetchFailure.TooManyRedirects, url, $"more than {_options.MaxRedirects} redirects");

            using var request = CreateRequest(url);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode))
                return await ReadAsync(url, response, cancellationToken);
            hop.Url = NextHop(url, response);
        }
    }

    private HttpRequestMessage CreateRequest(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.ParseAdd(_options.UserAgent);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,text/plain;q=0.9,application/json;q=0.9,*/*;q=0.8");
        return request;
    }

    private static bool IsRedirect(HttpStatusCode status) => status
        is HttpStatusCode.MovedPermanently
        or HttpStatusCode.Found
        or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect
        or HttpStatusCode.PermanentRedirect;

    private static Uri NextHop(Uri url, HttpResponseMessage response)
    {
        var location = response.Headers.Location
            ?? throw Failed(FetchFailure.InvalidRedirect, url, $"status {(int)response.StatusCode} without a valid Location header");
        if (!Uri.TryCreate(url, location, out var target))
            throw Failed(FetchFailure.InvalidRedirect, url, "the redirect target is not a URL");
        return FetchUrl.TryAccept(target, out var accepted, out var reason)
            ? accepted
            : throw Failed(FetchFailure.InvalidRedirect, url, $"it redirects to an address that is refused: {reason}");
    }

    private async Task<FetchedPage> ReadAsync(Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw Failed(FetchFailure.HttpStatus, url, $"the server answered {Describe(response.StatusCode)}");

        var content = response.Content;
        foreach (var encoding in content.Headers.ContentEncoding)
        {
            // The handler removes the encodings it undoes: what is left here is one it does not know.
            if (!encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
                throw Failed(FetchFailure.UnsupportedEncoding, url, "the body has a content encoding that is not supported");
        }

        if (content.Headers.ContentLength > _options.MaxResponseBytes)
            throw TooLarge(url);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = await BoundedBody.ReadAsync(stream, _options.MaxResponseBytes, cancellationToken) ?? throw TooLarge(url);
        return new FetchedPage(url, ContentTypeOf(content), body);
    }

    /// <summary>The raw header, because a malformed one still says something.</summary>
    private static string? ContentTypeOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    private FetchException TooLarge(Uri url) =>
        Failed(FetchFailure.TooLarge, url, $"the page is larger than {_options.MaxResponseBytes} bytes");

    private static string Describe(HttpStatusCode status) =>
        Enum.IsDefined(status) ? $"{(int)status} ({status})" : $"{(int)status}";

    /// <summary>Names the reason of a network failure; null for what is not one, which then surfaces as the defect it is.</summary>
    private static (FetchFailure Failure, string Reason)? Explain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AddressRefusedException refused:
                    return (FetchFailure.AddressRefused, refused.Message + $"; start the server with --allow-private-addresses to permit it");
                case HostNotFoundException notFound:
                    return (FetchFailure.HostNotFound, notFound.Message);
                case AuthenticationException:
                    return (FetchFailure.TlsFailed, "the TLS handshake failed or the certificate is not trusted");
                case SocketException socket:
                    return (FetchFailure.ConnectionFailed, $"the connection failed ({socket.SocketErrorCode})");
                case InvalidDataException:
                    return (FetchFailure.ProtocolError, "the compressed body is damaged");
            }
        }

        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                (FetchFailure.TooLarge, $"the response headers are larger than {MaxResponseHeadersKilobytes} KiB"),
            HttpRequestException http => (FetchFailure.ProtocolError, $"the HTTP exchange failed ({http.HttpRequestError})"),
            OperationCanceledException => (FetchFailure.ConnectionFailed, $"no connection within {ConnectTimeout.TotalSeconds:0} s"),
            IOException => (FetchFailure.ConnectionFailed, "the connection was lost before the page was complete"),
            _ => null,
        };
    }

    private static FetchException Failed(FetchFailure failure, Uri url, string reason, Exception? inner = null) =>
        new(failure, $"Could not fetch {FetchUrl.Display(url)}: {reason}.", inner);

    /// <summary>Where the fetch stands, so that a failure names the hop that failed.</summary>
    private sealed class Hop
    {
        internal required Uri Url { get; set; }
    }
}
