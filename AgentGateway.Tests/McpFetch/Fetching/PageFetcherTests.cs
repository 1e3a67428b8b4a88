using System.IO.Compression;
using System.Text;
using AgentGateway.McpFetch.Fetching;
using AgentGateway.McpFetch.Network;
using AgentGateway.Tests.McpFetch.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Fetching;

public sealed class PageFetcherTests : IAsyncLifetime
{
    private ContentServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ContentServer.StartAsync(Token);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static PageFetcher Create(IHostResolver? resolver = null, TimeProvider? time = null, Action<FetchOptions>? configure = null)
    {
        var options = new FetchOptions { AllowPrivateAddresses = true };
        configure?.Invoke(options);
        return new PageFetcher(Options.Create(options), resolver ?? new SystemHostResolver(), time ?? TimeProvider.System);
    }

    private static async Task<FetchException> FailsAsync(PageFetcher fetcher, Uri url) =>
        await Assert.ThrowsAsync<FetchException>(() => fetcher.FetchAsync(url, Token));

    private static async Task<FetchException> FailsAsync(string answer, string scheme = "http")
    {
        using var fetcher = Create();
        await using var server = new RawServer(Encoding.ASCII.GetBytes(answer), readFirst: scheme == "http");
        return await FailsAsync(fetcher, new Uri($"{scheme}://127.0.0.1:{server.Port}/x"));
    }

    [Fact]
    public async Task FetchAsync_Page_ReturnsBytesTypeAndAddress()
    {
        using var fetcher = Create();
        _server.Page("/a", "text/plain; charset=utf-8", "hello");

        var page = await fetcher.FetchAsync(_server.Url("/a?q=1#part"), Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(page.Body.Span));
        Assert.Equal("text/plain; charset=utf-8", page.ContentType);
        Assert.Equal("/a?q=1", Assert.Single(_server.Requests));
        Assert.StartsWith("AgentGateway-McpFetch/", _server.LastHeaders["User-Agent"], StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", _server.LastHeaders.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task FetchAsync_CompressedBody_Decompressed(string encoding)
    {
        using var fetcher = Create();
        _server.Page("/z", "text/plain", Compress(encoding, "hello"u8.ToArray()), encoding);

        var page = await fetcher.FetchAsync(_server.Url("/z"), Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(page.Body.Span));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task FetchAsync_CompressionBomb_RefusedByDecompressedSize(string encoding)
    {
        using var fetcher = Create(configure: static o => o.MaxResponseBytes = 1_000_000);
        var bomb = Compress(encoding, new byte[50_000_000]);
        Assert.True(bomb.Length < 100_000);
        _server.Page("/bomb", "text/plain", bomb, encoding);

        var error = await FailsAsync(fetcher, _server.Url("/bomb"));

        Assert.Equal(FetchFailure.TooLarge, error.Failure);
        Assert.Contains("larger than 1000000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_SizeLimit_HoldsToTheByte()
    {
        using var fetcher = Create(configure: static o => o.MaxResponseBytes = 1000);
        _server.Page("/fits", "text/plain", new byte[1000]).Page("/over", "text/plain", new byte[1001]);

        Assert.Equal(1000, (await fetcher.FetchAsync(_server.Url("/fits"), Token)).Body.Length);
        Assert.Equal(FetchFailure.TooLarge, (await FailsAsync(fetcher, _server.Url("/over"))).Failure);
    }

    [Fact]
    public async Task FetchAsync_EndlessBody_RefusedBySize()
    {
        using var fetcher = Create(configure: static o => o.MaxResponseBytes = 100_000);
        _server.Page("/endless", static async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[4096], context.RequestAborted);
        });

        Assert.Equal(FetchFailure.TooLarge, (await FailsAsync(fetcher, _server.Url("/endless"))).Failure);
    }

    [Theory]
    [InlineData(404, "404 (NotFound)")]
    [InlineData(500, "500 (InternalServerError)")]
    [InlineData(304, "304 (NotModified)")]
    [InlineData(418, "418")]
    public async Task FetchAsync_ErrorStatus_NamedWithUrl(int status, string named)
    {
        using var fetcher = Create();
        _server.Page("/s", context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var error = await FailsAsync(fetcher, _server.Url("/s?x=1"));

        Assert.Equal(FetchFailure.HttpStatus, error.Failure);
        Assert.Equal($"Could not fetch {_server.Url("/s?x=1")}: the server answered {named}.", error.Message);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task FetchAsync_Redirect_Followed(int status)
    {
        using var fetcher = Create();
        _server.Redirect("/from", "to/page?x", status).Page("/to/page", "text/plain", "there");

        var page = await fetcher.FetchAsync(_server.Url("/from"), Token);

        Assert.Equal(_server.Url("/to/page?x"), page.Url);
    }

    [Fact]
    public async Task FetchAsync_UnescapedRedirectTarget_Followed()
    {
        using var fetcher = Create();
        _server.Page("/café", "text/plain", "there");
        await using var redirecting = new RawServer(
            Encoding.UTF8.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {_server.Address}café\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));

        var page = await fetcher.FetchAsync(new Uri($"http://127.0.0.1:{redirecting.Port}/"), Token);

        Assert.Equal("there", Encoding.UTF8.GetString(page.Body.Span));
    }

    [Fact]
    public async Task FetchAsync_RedirectsUpToTheBound_Followed()
    {
        using var fetcher = Create(configure: static o => o.MaxRedirects = 2);
        _server.Redirect("/0", "/1").Redirect("/1", "/2").Page("/2", "text/plain", "end").Redirect("/more", "/0");

        Assert.Equal(_server.Url("/2"), (await fetcher.FetchAsync(_server.Url("/0"), Token)).Url);

        var error = await FailsAsync(fetcher, _server.Url("/more"));
        Assert.Equal(FetchFailure.TooManyRedirects, error.Failure);
        Assert.Contains("more than 2 redirects", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_RedirectLoop_Named()
    {
        using var fetcher = Create();
        _server.Redirect("/a", "/b").Redirect("/b", "/a#x");

        var error = await FailsAsync(fetcher, _server.Url("/a"));

        Assert.Contains("the redirects form a loop", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "the scheme 'file' is not supported")]
    [InlineData("ftp://example.com/", "the scheme 'ftp' is not supported")]
    [InlineData("javascript:alert(1)", "the scheme 'javascript' is not supported")]
    [InlineData("http://user:hunter2@example.com/", "a URL with a user name or password is refused")]
    [InlineData("", "without a valid Location header")]
    public async Task FetchAsync_RedirectToRefusedTarget_NotFollowed(string target, string reason)
    {
        using var fetcher = Create();
        _server.Redirect("/a", target);

        var error = await FailsAsync(fetcher, _server.Url("/a"));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://127.1:9/")]
    [InlineData("http://2130706433:9/")]
    [InlineData("http://0x7f000001:9/")]
    [InlineData("http://0:9/")]
    [InlineData("http://[::1]:9/")]
    [InlineData("http://[::ffff:127.0.0.1]:9/")]
    [InlineData("http://localhost:9/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task FetchAsync_PrivateAddress_RefusedWithoutConnection(string url)
    {
        using var fetcher = Create(configure: static o => o.AllowPrivateAddresses = false);

        var error = await FailsAsync(fetcher, new Uri(url));

        Assert.Equal(FetchFailure.AddressRefused, error.Failure);
        Assert.Contains("private", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_NameThatResolvesToLoopback_Refused()
    {
        using var fetcher = Create(new StubHostResolver().Add("evil.test", "127.0.0.1"), configure: static o => o.AllowPrivateAddresses = false);

        Assert.Equal(FetchFailure.AddressRefused, (await FailsAsync(fetcher, _server.Url("/a", "evil.test"))).Failure);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task FetchAsync_RedirectToRefusedHost_RefusedNamingThatHop()
    {
        using var fetcher = Create(new OneHostResolver("public.test"));
        _server.Redirect("/a", _server.Url("/secret", "internal.test").ToString()).Page("/secret", "text/plain", "secret");

        var error = await FailsAsync(fetcher, _server.Url("/a", "public.test"));

        Assert.Equal(FetchFailure.AddressRefused, error.Failure);
        Assert.Contains("http://internal.test:", error.Message, StringComparison.Ordinal);
        Assert.Equal("/a", Assert.Single(_server.Requests));
    }

    [Fact]
    public async Task FetchAsync_RebindingName_ConnectsToTheCheckedAddressOnly()
    {
        // A second lookup would give an address where the page is; the one that was checked is the one connected to.
        var resolver = new StubHostResolver().Add("rebind.test", "127.0.0.2").Add("rebind.test", "127.0.0.1");
        using var fetcher = Create(resolver);
        _server.Page("/a", "text/plain", "hello");

        var error = await FailsAsync(fetcher, _server.Url("/a", "rebind.test"));

        Assert.Equal(FetchFailure.ConnectionFailed, error.Failure);
        Assert.Equal(1, resolver.Lookups);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task FetchAsync_FirstAddressDead_TriesTheNext()
    {
        using var fetcher = Create(new StubHostResolver().Add("two.test", "127.0.0.2", "127.0.0.1"));
        _server.Page("/a", "text/plain", "hello");

        Assert.Equal(5, (await fetcher.FetchAsync(_server.Url("/a", "two.test"), Token)).Body.Length);
    }

    [Fact]
    public async Task FetchAsync_ServerNeverAnswers_TimesOut()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        using var fetcher = Create(time: time);
        _server.Page("/slow", context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var fetch = FailsAsync(fetcher, _server.Url("/slow"));
        await arrived.Task.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(30));

        var error = await fetch;
        Assert.Equal(FetchFailure.Timeout, error.Failure);
        Assert.Equal($"Could not fetch {_server.Url("/slow")}: no complete answer within 30 s.", error.Message);
    }

    [Fact]
    public async Task FetchAsync_BodyTrickles_TimesOutAsAWhole()
    {
        var time = new FakeTimeProvider();
        var trickled = new TaskCompletionSource();
        using var fetcher = Create(time: time);
        _server.Page("/drip", async context =>
        {
            await context.Response.Body.WriteAsync("a"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            trickled.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var fetch = FailsAsync(fetcher, _server.Url("/drip"));
        await trickled.Task.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(fetch.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(FetchFailure.Timeout, (await fetch).Failure);
    }

    [Fact]
    public async Task FetchAsync_AllSlotsTaken_WaitsItsTurn()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        using var fetcher = Create(configure: static o => o.MaxConcurrentFetches = 1);
        _server.Page("/first", async context =>
        {
            arrived.SetResult();
            await release.Task;
            await context.Response.WriteAsync("done");
        });

        var first = fetcher.FetchAsync(_server.Url("/first"), Token);
        await arrived.Task.WaitAsync(Token);
        var second = fetcher.FetchAsync(_server.Url("/second"), Token);
        Assert.Equal("/first", Assert.Single(_server.Requests));
        release.SetResult();

        Assert.Equal(4, (await first).Body.Length);
        Assert.Equal(FetchFailure.HttpStatus, (await Assert.ThrowsAsync<FetchException>(() => second)).Failure);
    }

    [Fact]
    public async Task FetchAsync_AllSlotsTaken_WaitCountsTowardsTheTimeout()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        using var fetcher = Create(time: time, configure: static o => o.MaxConcurrentFetches = 1);
        _server.Page("/first", context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var first = FailsAsync(fetcher, _server.Url("/first"));
        await arrived.Task.WaitAsync(Token);
        var second = FailsAsync(fetcher, _server.Url("/second"));
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(FetchFailure.Timeout, (await first).Failure);
        Assert.Equal(FetchFailure.Timeout, (await second).Failure);
    }

    [Fact]
    public async Task FetchAsync_CallerCancels_Cancelled()
    {
        using var fetcher = Create();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _server.Page("/slow", context =>
        {
            caller.Cancel();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(_server.Url("/slow"), caller.Token));
    }

    [Fact]
    public async Task FetchAsync_UnknownHost_Named()
    {
        using var fetcher = Create(new StubHostResolver());

        var error = await FailsAsync(fetcher, new Uri("http://nowhere.test/"));

        Assert.Equal("Could not fetch http://nowhere.test/: the host name 'nowhere.test' could not be resolved.", error.Message);
    }

    [Fact]
    public async Task FetchAsync_NobodyListens_ConnectionFailed()
    {
        using var fetcher = Create();

        var error = await FailsAsync(fetcher, new Uri($"http://127.0.0.1:{RawServer.FreePort()}/"));

        Assert.Equal(FetchFailure.ConnectionFailed, error.Failure);
        Assert.Contains("ConnectionRefused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not http at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")]
    [InlineData("")]
    public async Task FetchAsync_BrokenAnswer_Explained(string answer)
    {
        var error = await FailsAsync(answer);

        Assert.Contains(error.Failure, new[] { FetchFailure.ProtocolError, FetchFailure.ConnectionFailed });
        Assert.StartsWith("Could not fetch http://127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_UnknownContentEncoding_Refused()
    {
        var error = await FailsAsync("HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 3\r\n\r\nabc");

        Assert.Equal(FetchFailure.UnsupportedEncoding, error.Failure);
    }

    [Fact]
    public async Task FetchAsync_HugeHeaders_Refused()
    {
        var error = await FailsAsync($"HTTP/1.1 200 OK\r\nX: {new string('a', 200_000)}\r\n\r\n");

        Assert.Contains("response headers are larger than 64 KiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_NoTlsBehindHttps_TlsFailed()
    {
        var error = await FailsAsync("HTTP/1.1 400 Bad Request\r\n\r\n", "https");

        Assert.Equal(FetchFailure.TlsFailed, error.Failure);
    }

    private static byte[] Compress(string encoding, byte[] data)
    {
        using var output = new MemoryStream();
        using (Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.SmallestSize),
            "deflate" => new ZLibStream(output, CompressionLevel.SmallestSize),
            _ => new BrotliStream(output, CompressionLevel.Fastest),
        })
        {
            compressor.Write(data);
        }

        return output.ToArray();
    }
}
