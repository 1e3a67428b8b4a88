using AgentGateway.Configuration.Snapshot.Frontend;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentGateway.Proxy.Listeners;

/// <summary>Carries <c>frontendPolicies.http</c> over to the HTTP server. New connections see a change, open ones keep what they began with.</summary>
internal static class FrontendLimits
{
    // Kestrel counts header lines; upstream's own parser stops at 100 unless told otherwise.
    private const int DefaultMaxHeaders = 100;

    // A head that comes in drops holds a connection for nothing.
    private static readonly TimeSpan LongestHead = TimeSpan.FromSeconds(30);

    // The server's own bound of 8 KB is soon reached by a target that carries a token or a query.
    private const int MaxRequestLine = 32 * 1024;
    private const int DefaultHttp2Window = 768 * 1024;
    private const int DefaultHttp2ConnectionWindow = 1024 * 1024;
    private const int DefaultHttp2Frame = 16 * 1024;
    private const int DefaultHttp2MaxHeaderSize = 32 * 1024;
    private const int DefaultRequestBuffer = 1024 * 1024;

    public static void Apply(KestrelServerLimits limits, FrontendHttpSnapshot http)
    {
        // Body sizes are bounded where a policy or a protocol reads bodies; a proxied stream has no size limit of its own,
        // and a slow but living stream (server-sent events, a paused agent) is no attack.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;

        // The server has one count and one size for both versions of HTTP: what is below its own is left to RequestFraming.
        limits.MaxRequestHeaderCount = Math.Max(DefaultMaxHeaders, http.Http1MaxHeaders ?? 0);
        limits.MaxRequestLineSize = MaxRequestLine;
        limits.KeepAliveTimeout = http.Http1IdleTimeout;
        limits.RequestHeadersTimeout = http.Http1IdleTimeout < LongestHead ? http.Http1IdleTimeout : LongestHead;
        limits.Http2.InitialStreamWindowSize = http.Http2WindowSize ?? DefaultHttp2Window;
        limits.Http2.InitialConnectionWindowSize = http.Http2ConnectionWindowSize ?? DefaultHttp2ConnectionWindow;
        limits.Http2.MaxFrameSize = http.Http2FrameSize ?? DefaultHttp2Frame;
        limits.Http2.MaxRequestHeaderFieldSize = Math.Max(DefaultHttp2MaxHeaderSize, http.Http2MaxHeaderSize ?? 0);
        limits.MaxRequestHeadersTotalSize = Math.Max(DefaultHttp2MaxHeaderSize, http.Http2MaxHeaderSize ?? 0);

        // The server refuses to start with a buffer that is smaller than the headers.
        limits.MaxRequestBufferSize = Math.Max(DefaultRequestBuffer, limits.MaxRequestHeadersTotalSize);
        limits.Http2.KeepAlivePingDelay = http.Http2KeepaliveInterval ?? TimeSpan.MaxValue;
        limits.Http2.KeepAlivePingTimeout = http.Http2KeepaliveTimeout ?? TimeSpan.FromSeconds(20);
    }
}
