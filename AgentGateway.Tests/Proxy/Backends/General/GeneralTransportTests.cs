using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Tests.Proxy.Backends.Forwarding;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.General;

public sealed class GeneralTransportTests
{
    [Fact]
    public async Task Grpc_Call_PassesMessagesBothWaysAndTrailers()
    {
        await using var upstream = await KestrelUpstream.StartAsync(listen => listen.Protocols = HttpProtocols.Http2, async context =>
        {
            context.Response.ContentType = "application/grpc";
            var reader = context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                foreach (var segment in read.Buffer)
                {
                    await context.Response.BodyWriter.WriteAsync(segment, context.RequestAborted);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            context.Response.AppendTrailer("grpc-status", "5");
            context.Response.AppendTrailer("grpc-message", context.Request.Headers.TE.ToString());
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        var pipe = new System.IO.Pipelines.Pipe();
        using var request = GrpcRequest(gateway, new FlushingContent(pipe.Reader));

        using var response = await SendAndWriteAsync(gateway, request, pipe.Writer);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[100];
        var first = await body.ReadAtLeastAsync(buffer, 5, cancellationToken: TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync("second"u8.ToArray(), TestContext.Current.CancellationToken);
        var second = await body.ReadAtLeastAsync(buffer.AsMemory(first), 6, cancellationToken: TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        var end = await body.ReadAsync(buffer.AsMemory(first + second), TestContext.Current.CancellationToken);

        Assert.Equal("firstsecond", Encoding.ASCII.GetString(buffer, 0, first + second));
        Assert.Equal(0, end);
        Assert.Equal("5", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal("trailers", response.TrailingHeaders.GetValues("grpc-message").Single());
    }

    [Fact]
    public async Task Http2_ManyHostsOfClients_ShareOneConnection()
    {
        var hosts = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var connections = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        await using var upstream = await KestrelUpstream.StartAsync(listen => listen.Protocols = HttpProtocols.Http2, context =>
        {
            hosts.Enqueue(context.Request.Host.Value!);
            connections[context.Connection.Id] = true;
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        for (var i = 0; i < 5; i++)
        {
            using var request = GrpcRequest(gateway, new ByteArrayContent([0, 0, 0, 0, 0]));
            request.Headers.Host = $"tenant{i}.example:81";
            using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["tenant0.example:81", "tenant1.example:81", "tenant2.example:81", "tenant3.example:81", "tenant4.example:81"], hosts);
        Assert.Single(connections);
    }

    [Fact]
    public async Task Request_WithAControlCharacter_IsInvalid()
    {
        await using var upstream = await KestrelUpstream.StartAsync(listen => listen.Protocols = HttpProtocols.Http2, static _ => Task.CompletedTask);
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var peer = await RawPeer.ConnectAsync(gateway.Address.Port);

        await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\nX-A: a\u0001b\r\nContent-Length: 0\r\n\r\n");
        var (inValue, _) = await peer.ReadResponseAsync();
        await peer.SendAsync("POST /a\u0001b HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n");
        var (inTarget, _) = await peer.ReadResponseAsync();

        Assert.Contains("grpc-message: invalid%20request\r\n", inValue, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("grpc-message: invalid%20request\r\n", inTarget, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Grpc_UpstreamIsDown_AnswersInGrpcForm()
    {
        await using var gateway = await TestGateway.StartAsync(new HostBackendSnapshot { Key = "/none", Target = new TargetAddress("127.0.0.1", 1) });
        using var request = GrpcRequest(gateway, new ByteArrayContent([0, 0, 0, 0, 0]));

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Http2_AskedForByThePolicy_IsSpokenToThePlainUpstream()
    {
        await using var upstream = await KestrelUpstream.StartAsync(listen => listen.Protocols = HttpProtocols.Http2, context => context.Response.WriteAsync(context.Request.Protocol));
        await using var gateway = await CallingGateway.StartAsync(
            new TargetAddress("127.0.0.1", upstream.Port), new BackendCall { Transport = new TransportOptions { HttpVersion = HttpVersion.Version20 } });

        Assert.Equal("HTTP/2", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tls_CertificateOfTheGivenRoot_IsAccepted()
    {
        using var certificate = SelfSigned("upstream.example");
        await using var upstream = await StartTlsAsync(certificate);
        var tls = new BackendTlsOptions { Roots = [certificate], ServerName = "upstream.example" };
        await using var gateway = await CallingGateway.StartAsync(new TargetAddress("127.0.0.1", upstream.Port), Calling(tls));

        Assert.Equal("HTTP/2 /a%2Fb?c body", await PostAsync(gateway));
    }

    [Fact]
    public async Task Tls_AlpnWithoutHttp2_SpeaksHttp11()
    {
        using var certificate = SelfSigned("upstream.example");
        await using var upstream = await StartTlsAsync(certificate);
        var tls = new BackendTlsOptions { SkipVerification = true, Alpn = ["http/1.1"] };
        await using var gateway = await CallingGateway.StartAsync(new TargetAddress("127.0.0.1", upstream.Port), Calling(tls));

        Assert.Equal("HTTP/1.1 /a%2Fb?c body", await PostAsync(gateway));
    }

    [Fact]
    public async Task Tls_UnknownRoot_Answers503()
    {
        using var certificate = SelfSigned("upstream.example");
        await using var upstream = await StartTlsAsync(certificate);
        await using var gateway = await CallingGateway.StartAsync(new TargetAddress("127.0.0.1", upstream.Port), Calling(new BackendTlsOptions { ServerName = "upstream.example" }));

        Assert.StartsWith("upstream call failed: TLS handshake failed", await PostAsync(gateway), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public async Task Tls_NameThatDoesNotMatch_IsAcceptedOnlyWhenAllowed(bool skipNameCheck, bool listed, bool accepted)
    {
        using var certificate = SelfSigned("upstream.example");
        await using var upstream = await StartTlsAsync(certificate);
        var tls = new BackendTlsOptions
        {
            Roots = [certificate],
            ServerName = "other.example",
            SkipNameCheck = skipNameCheck,
            SubjectAltNames = listed ? ["upstream.example"] : [],
        };
        await using var gateway = await CallingGateway.StartAsync(new TargetAddress("127.0.0.1", upstream.Port), Calling(tls));

        Assert.Equal(accepted, (await PostAsync(gateway)).StartsWith("HTTP/2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_ByBackendPolicies_IsSpokenAsConfigured()
    {
        using var certificate = SelfSigned("upstream.example");
        await using var upstream = await StartTlsAsync(certificate);
        var backend = upstream.Backend with
        {
            Policies =
            [
                new BackendTls { Root = new PemFile("root.pem", certificate.ExportCertificatePem()), Hostname = "upstream.example" },
                new BackendHttp { Version = UpstreamHttpVersion.Http11 },
            ],
        };
        await using var gateway = await TestGateway.StartAsync(backend);

        Assert.Equal("HTTP/1.1 / ", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void BackendTlsOptions_OfEqualSettings_AreEqual()
    {
        var first = new BackendTlsOptions { Identity = new BackendTls { Hostname = "a" } };

        Assert.Equal(first, new BackendTlsOptions { Identity = new BackendTls { Hostname = "a" } });
        Assert.NotEqual(first, new BackendTlsOptions { Identity = new BackendTls { Hostname = "b" } });
        Assert.NotEqual(new BackendTlsOptions(), new BackendTlsOptions());
    }

    private static BackendCall Calling(BackendTlsOptions tls) => new() { Transport = new TransportOptions { Tls = tls } };

    private static Task<KestrelUpstream> StartTlsAsync(X509Certificate2 certificate) => KestrelUpstream.StartAsync(
        listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate);
        },
        async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            await context.Response.WriteAsync($"{context.Request.Protocol} {target} {body}");
        });

    private static async Task<string> PostAsync(CallingGateway gateway)
    {
        using var response = await gateway.Client.PostAsync(new Uri("/a%2Fb?c", UriKind.Relative), new StringContent("body"), TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static HttpRequestMessage GrpcRequest(TestGateway gateway, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/pkg.Service/Method"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return request;
    }

    // The response's head comes with the first message, so that has to be on its way.
    private static async Task<HttpResponseMessage> SendAndWriteAsync(TestGateway gateway, HttpRequestMessage request, System.IO.Pipelines.PipeWriter writer)
    {
        var sending = gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await writer.WriteAsync("first"u8.ToArray(), TestContext.Current.CancellationToken);
        return await sending;
    }

    // StreamContent keeps small writes back until there are more of them.
    private sealed class FlushingContent(System.IO.Pipelines.PipeReader reader) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                foreach (var segment in read.Buffer)
                {
                    await stream.WriteAsync(segment);
                }

                await stream.FlushAsync();
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
