using AgentGateway.Proxy.CommandLine;

namespace AgentGateway.Tests.Proxy.CommandLine;

/// <summary>Runs the program's command line in this process, with streams, environment and a folder of the test's own.</summary>
internal sealed class TestConsole : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public TestConsole()
    {
        Folder = Directory.CreateTempSubdirectory("agentgateway-test-").FullName;
    }

    /// <summary>A folder that goes with the test.</summary>
    public string Folder { get; }

    /// <summary>Environment of the command; nothing else is set.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>What the command reads from standard input.</summary>
    public string Input { get; init; } = "";

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>What a program would see.</summary>
    public CommandConsole Streams => new(new StringReader(Input), _output, _error)
    {
        Environment = name => Environment.GetValueOrDefault(name),
        ContainerFolder = Path.Combine(Folder, "mounted"),
    };

    public Task<int> RunAsync(params string[] args) => GatewayCommand.RunAsync(args, Streams);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        var path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }
}
