using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentGateway.Proxy.Hosting;

/// <summary>
/// Lets work go on where a socket became ready, on the thread that waits for sockets, instead of handing it to the thread pool. Handing over costs
/// more than the work itself: it was over half of the CPU of a proxied request. The price: whoever blocks or computes for long on such a thread holds
/// up all connections of that thread, so long work must first leave it (<see cref="LeaveSocketThreadAsync"/>).
/// </summary>
internal static class InlineScheduling
{
    /// <summary>Environment variable that switches it off with <c>off</c>, <c>false</c> or <c>0</c>. On by default.</summary>
    public const string Variable = "AGENTGATEWAY_INLINE_SCHEDULING";

    // Read by the runtime once, when the first socket of the process starts to wait.
    private const string RuntimeVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCountVariable = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>True unless switched off.</summary>
    public static bool IsEnabled { get; private set; } = true;

    /// <summary>To be called first of all in the process. A value that the user set for the runtime itself stays.</summary>
    /// <param name="setting">Value of <see cref="Variable"/>, or null.</param>
    public static void Configure(string? setting)
    {
        IsEnabled = setting?.Trim().ToUpperInvariant() is not ("OFF" or "FALSE" or "0");
        if (!IsEnabled || Environment.GetEnvironmentVariable(RuntimeVariable) is not null)
        {
            return;
        }

        var threads = Environment.GetEnvironmentVariable(ThreadCountVariable);
        Environment.SetEnvironmentVariable(RuntimeVariable, "1");
        Environment.SetEnvironmentVariable(ThreadCountVariable, threads ?? SocketThreads(Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture));
        StartSocketThreads();

        // Children (MCP servers over stdio) do not inherit them.
        Environment.SetEnvironmentVariable(RuntimeVariable, null);
        Environment.SetEnvironmentVariable(ThreadCountVariable, threads);
    }

    /// <summary>
    /// Threads that wait for sockets. The runtime takes one for each processor; one processor is left to all else (garbage collection, compilation,
    /// thread pool, log). A socket thread that has to share its processor holds up every connection it serves for a whole time slice: with two of
    /// them on two processors p99 was half as long again as with one, at the same CPU for each request.
    /// </summary>
    public static int SocketThreads(int processors) => Math.Max(1, processors - 1);

    /// <summary>Goes on in the thread pool. To be awaited before work of more than about 100 microseconds: large JSON, backtracking, compression.</summary>
    public static System.Runtime.CompilerServices.ConfiguredTaskAwaitable LeaveSocketThreadAsync() =>
        Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    // A datagram socket on loopback that waits for nothing makes the runtime read the variable now.
    private static void StartSocketThreads()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var receive = new SocketAsyncEventArgs();
        receive.SetBuffer(new byte[1]);
        socket.ReceiveAsync(receive);
    }
}
