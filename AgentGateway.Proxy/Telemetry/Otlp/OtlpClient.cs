using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>
/// Sends encoded spans or log records to a collector: as a unary gRPC call over HTTP/2 (TLS by scheme, else with prior knowledge), or as an HTTP POST of
/// protobuf. It is never traced itself. Protocols: opentelemetry.io/docs/specs/otlp, grpc.io "gRPC over HTTP2".
/// </summary>
internal sealed class OtlpClient : IDisposable
{
    // An answer is a few bytes; one beyond this bound is not read.
    private const int MaxAnswer = 64 * 1024;

    private readonly OtlpDestination _destination;
    private readonly OtlpSignal _signal;
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly byte[] _resource;

    public OtlpClient(OtlpDestination destination, OtlpSignal signal, Resource resource, HttpMessageHandler handler)
    {
        _destination = destination;
        _signal = signal;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _address = destination.Protocol == OtlpProtocol.Grpc ? new Uri(destination.Endpoint, signal.GrpcMethod) : destination.Endpoint;
        _resource = resource.Encode();
    }

    /// <summary>Where exports go, without path and query, which may hold keys.</summary>
    public string DisplayAddress => _destination.Endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>A handler with what an export needs: bounded connects, addresses looked up again from time to time, no proxy, no tracing.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 2,
    };

    /// <summary>One attempt. Never throws for what a network or a collector does; a cancelled attempt is an error that may be retried.</summary>
    /// <param name="items">Repeated field <c>spans</c> of <c>ScopeSpans</c>, or <c>log_records</c> of <c>ScopeLogs</c>: field 2 of both.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<OtlpResult> SendAsync(ReadOnlyMemory<byte> items, CancellationToken cancellationToken)
    {
        var grpc = _destination.Protocol == OtlpProtocol.Grpc;
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new OtlpContent(Head(items.Length, grpc), items, grpc ? "application/grpc" : "application/x-protobuf"),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "AgentGateway/" + BuildInformation.Version);
        if (grpc)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        foreach (var (name, value) in _destination.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value.Reveal());
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return grpc ? await ReadGrpcAsync(response, cancellationToken) : await ReadHttpAsync(response, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException)
        {
            return OtlpResult.Failure(Describe(error) + Hint(error, grpc), retryable: true);
        }
        catch (OperationCanceledException)
        {
            return OtlpResult.Failure("timed out", retryable: true);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Describe(Exception error) =>
        error.InnerException is { } inner && inner.Message != error.Message ? $"{Clause(error)}: {Clause(inner)}" : Clause(error);

    private static string Clause(Exception error) => error.Message.Replace(", see inner exception", "", StringComparison.Ordinal).TrimEnd('.');

    // Collectors have a port for each protocol, and the two are often taken for each other: connected, and then no answer, or none that is understood. Unknown are
    // resets (of a server that closes before it has read everything) and some handshakes of HTTP/2.
    private static string Hint(Exception error, bool grpc) =>
        error is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ResponseEnded
                or HttpRequestError.VersionNegotiationError or HttpRequestError.Unknown,
        } ? ""
        : grpc ? " (if this is a port for OTLP over HTTP, usually 4318, set the protocol to http)"
        : " (if this is a port for gRPC, usually 4317, set the protocol to grpc)";

    private static async Task<OtlpResult> ReadHttpAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return Partial(await ReadBodyAsync(response, cancellationToken));
        }

        var status = (int)response.StatusCode;
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date is { } date && response.Headers.Date is { } now && date > now ? date - now : null);
        return OtlpResult.Failure(string.Create(CultureInfo.InvariantCulture, $"HTTP status {status}"), status is 429 or 502 or 503 or 504, wait);
    }

    private static async Task<OtlpResult> ReadGrpcAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var http = (int)response.StatusCode;
            return OtlpResult.Failure(string.Create(CultureInfo.InvariantCulture, $"HTTP status {http} instead of a gRPC answer"), http is 429 or 502 or 503 or 504);
        }

        var body = await ReadBodyAsync(response, cancellationToken);
        var status = Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status");
        if (status == "0")
        {
            return body.Length >= 5 ? Partial(body.AsSpan(5)) : OtlpResult.Success;
        }

        var message = Header(response.TrailingHeaders, "grpc-message") ?? Header(response.Headers, "grpc-message");
        var text = status is null ? "no gRPC status in the answer" : $"gRPC status {status}" + (message is null ? "" : ": " + Uri.UnescapeDataString(message));

        // UNAVAILABLE; the other codes would fail again.
        return OtlpResult.Failure(text, retryable: status == "14");
    }

    private static string? Header(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var copy = new MemoryStream();
        var chunk = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (copy.Length + read > MaxAnswer)
            {
                throw new InvalidDataException("the answer is too long");
            }

            copy.Write(chunk, 0, read);
        }

        return copy.ToArray();
    }

    /// <summary>Reads <c>partial_success</c> of the answer. An answer that is something else was still a success.</summary>
    private static OtlpResult Partial(ReadOnlySpan<byte> body)
    {
        try
        {
            var answer = new ProtoReader(body);
            while (answer.Read())
            {
                if (answer.Field != 1)
                {
                    continue;
                }

                long rejected = 0;
                var message = "";
                var partial = new ProtoReader(answer.Bytes);
                while (partial.Read())
                {
                    if (partial.Field == 1)
                    {
                        rejected = (long)partial.Number;
                    }
                    else if (partial.Field == 2)
                    {
                        message = Encoding.UTF8.GetString(partial.Bytes);
                    }
                }

                if (rejected > 0 || message.Length > 0)
                {
                    return new OtlpResult(true, "the collector took only a part: " + message, Rejected: Math.Max(rejected, 0));
                }
            }
        }
        catch (InvalidDataException)
        {
            return OtlpResult.Success;
        }

        return OtlpResult.Success;
    }

    /// <summary>gRPC frame, <c>ExportTraceServiceRequest</c>, <c>ResourceSpans</c> and <c>ScopeSpans</c> up to the spans, or the same of logs.</summary>
    private byte[] Head(int items, bool grpc)
    {
        using var scope = new ByteBuffer(64);
        var name = scope.BeginMessage(1);
        scope.AppendStringField(1, _signal.Scope);
        scope.EndMessage(name);

        using var inner = new ByteBuffer(_resource.Length + 32);
        inner.Append(_resource);
        inner.AppendVarint((2 << 3) | 2);
        inner.AppendVarint((uint)(scope.Length + items));
        inner.Append(scope.WrittenSpan);

        using var head = new ByteBuffer(inner.Length + 16);
        head.Reserve(5)[..5].Clear();
        head.Advance(grpc ? 5 : 0);
        head.AppendVarint((1 << 3) | 2);
        head.AppendVarint((uint)(inner.Length + items));
        head.Append(inner.WrittenSpan);
        var bytes = head.WrittenSpan.ToArray();
        if (grpc)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)(bytes.Length - 5 + items));
        }

        return bytes;
    }
}
