using System.Net;
using System.Net.Sockets;
using AgentGateway.McpFetch.Network;

namespace AgentGateway.Tests.McpFetch.Network;

/// <summary>Answers each lookup of a name with the next of its scripted answers; the last one stays.</summary>
internal sealed class StubHostResolver : IHostResolver
{
    private readonly Dictionary<string, Queue<IPAddress[]>> _answers = new(StringComparer.OrdinalIgnoreCase);

    internal int Lookups { get; private set; }

    internal StubHostResolver Add(string host, params string[] addresses)
    {
        if (!_answers.TryGetValue(host, out var queue))
            _answers[host] = queue = new Queue<IPAddress[]>();
        queue.Enqueue([.. addresses.Select(IPAddress.Parse)]);
        return this;
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Lookups++;
        if (IPAddress.TryParse(host, out var literal))
            return Task.FromResult<IPAddress[]>([literal]);
        if (!_answers.TryGetValue(host, out var queue))
            throw new SocketException((int)SocketError.HostNotFound);
        return Task.FromResult(queue.Count > 1 ? queue.Dequeue() : queue.Peek());
    }
}
