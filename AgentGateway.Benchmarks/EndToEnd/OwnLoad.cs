using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>The generator for event streams, whose events it sees one by one, and for everything where wrk or h2load are missing.</summary>
internal sealed class OwnLoad(int connections) : ILoadGenerator
{
    public async Task<LoadResult> RunAsync(int port, Workload workload, TimeSpan duration)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, EnableMultipleHttp2Connections = true };
        using var client = new HttpMessageInvoker(handler);
        var times = new ConcurrentBag<List<double>>();
        long failures = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            while (clock.Elapsed < duration)
            {
                if (await RequestAsync(client, port, workload) is { } time)
                {
                    own.Add(time);
                }
                else
                {
                    Interlocked.Increment(ref failures);
                }
            }

            times.Add(own);
        })));
        return Percentiles.Of([.. times.SelectMany(own => own)], clock.Elapsed, failures);
    }

    // Time of the whole exchange, or of a stream's first event; null when it failed.
    private static async Task<double?> RequestAsync(HttpMessageInvoker client, int port, Workload workload)
    {
        using var request = new HttpRequestMessage(workload.BodyBytes > 0 ? HttpMethod.Post : HttpMethod.Get, $"http://127.0.0.1:{port}{workload.Path}")
        {
            Version = workload.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BenchmarkToken.Value);
        if (workload.BodyBytes > 0)
        {
            request.Content = new ByteArrayContent(new byte[workload.BodyBytes]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var clock = Stopwatch.StartNew();
        try
        {
            using var response = await client.SendAsync(request, CancellationToken.None);
            await using var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            var first = 0.0;
            long total = 0;
            for (int read; (read = await body.ReadAsync(buffer)) > 0; total += read)
            {
                first = total == 0 ? clock.Elapsed.TotalMilliseconds : first;
            }

            return response.IsSuccessStatusCode && total > 0 ? workload.Streams ? first : clock.Elapsed.TotalMilliseconds : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
