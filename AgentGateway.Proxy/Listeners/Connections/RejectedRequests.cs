using System.Net;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// Gives the requests that the HTTP server of a port refuses by itself (a malformed or oversized head, one that never ends) their place in access log and
/// metrics. The server tells of them in its log alone, so this stands between the server and the logs. Of the request no more is known than its
/// connection and what was wrong.
/// </summary>
internal sealed class RejectedRequests(ILoggerFactory logging, GatewayApplication application, HttpConnections connections) : ILoggerFactory, ILogger
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    private readonly ILogger _log = logging.CreateLogger(Category);

    /// <summary>Records a request that was refused before the server had the connection.</summary>
    /// <param name="connection">Its connection.</param>
    /// <param name="method">Method, or empty when none was read.</param>
    /// <param name="target">Target, or empty.</param>
    /// <param name="reply">What the client was told.</param>
    public void Record(ConnectionContext connection, string method, string target, GatewayReply reply) =>
        Record(connection, method, target, reply.Status, reply.Reason, reply.Error!);

    public ILogger CreateLogger(string categoryName) => categoryName == Category ? this : logging.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => logging.AddProvider(provider);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is BadHttpRequestException refused && !IsOfABody(refused.Message))
        {
            var connection = IdIn(state) is { } id ? connections.Find(id) : null;
            Record(connection, "", "", refused.StatusCode, ResponseReason.InvalidRequest, WithoutEmptyQuotes(refused.Message));
        }

        if (_log.IsEnabled(logLevel))
        {
            _log.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    /// <summary>Does nothing: the logs belong to the process.</summary>
    public void Dispose()
    {
    }

    // Requests whose head was in order are the application's, and have their line already. The server's exceptions tell the two apart by words alone.
    private static bool IsOfABody(string message) =>
        message.StartsWith("Bad chunk", StringComparison.Ordinal)
        || message.StartsWith("Chunked request incomplete", StringComparison.Ordinal)
        || message.StartsWith("Unexpected end of request content", StringComparison.Ordinal)
        || message.StartsWith("Reading the request body", StringComparison.Ordinal)
        || message.StartsWith("Request body too large", StringComparison.Ordinal);

    // The server quotes what it read only where its log is verbose.
    private static string WithoutEmptyQuotes(string message) => message.EndsWith(": ''", StringComparison.Ordinal) ? message[..^4] : message;

    private static string? IdIn<TState>(TState state)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values)
            {
                if (name == "ConnectionId")
                {
                    return value as string;
                }
            }
        }

        return null;
    }

    private void Record(ConnectionContext? connection, string method, string target, int status, ResponseReason reason, string error)
    {
        var context = application.CreateContext(FeaturesOf(connection, method, target, status));
        var record = context.Record;
        record.Path = "";
        record.Reason = reason;
        record.Error = error;
        var secure = connection?.Features.Get<ConnectionFacts>()?.TlsListenerKey;
        if ((secure is null ? context.Bind.OnlyHttp : context.Bind.Tls?.FindByKey(secure)) is { } listener)
        {
            record.Listener = listener.Snapshot.Name;
            record.Gateway = listener.Snapshot.Gateway;
        }

        application.DisposeContext(context, null);
    }

    private static FeatureCollection FeaturesOf(ConnectionContext? connection, string method, string target, int status)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = method, Protocol = "", RawTarget = target });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature { StatusCode = status });
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        var connectionFeature = new HttpConnectionFeature { ConnectionId = connection?.ConnectionId ?? "" };
        if (connection?.RemoteEndPoint is IPEndPoint peer)
        {
            connectionFeature.RemoteIpAddress = peer.Address;
            connectionFeature.RemotePort = peer.Port;
        }

        features.Set<IHttpConnectionFeature>(connectionFeature);
        if (connection?.Features.Get<ConnectionFacts>() is { } facts)
        {
            features.Set(facts);
        }

        return features;
    }
}
