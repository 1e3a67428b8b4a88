using System.Diagnostics.CodeAnalysis;
using AgentGateway.McpFetch.Fetching;

namespace AgentGateway.McpFetch.Hosting;

/// <summary>What the command line asks for.</summary>
internal sealed record CommandLine
{
    /// <summary>Text of <c>--help</c>.</summary>
    internal const string Usage = $"""
        Usage: AgentGateway.McpFetch [options]

        An MCP server with one tool, fetch. Without options it serves Streamable HTTP at {McpFetchHost.DefaultUrl}{McpFetchHost.McpPath}.

          --stdio                    talk JSON-RPC on standard input and output; logs go to standard error
          --urls URLS                addresses to listen on, separated by ';' (also ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS)
          --allow-private-addresses  also fetch from private, loopback and link-local addresses
                                     (also {FetchOptions.AllowPrivateAddressesVariable}=true)
          --help                     show this text
          --version                  show the version

        Limits are set in the section {FetchOptions.Section} of appsettings.json or by environment, for example McpFetch__Timeout=00:01:00,
        McpFetch__MaxResponseBytes, McpFetch__MaxRedirects, McpFetch__MaxConcurrentFetches.
        """;

    /// <summary>Serve standard input and output instead of HTTP.</summary>
    internal bool Stdio { get; init; }

    /// <summary>Set when the option is given: null leaves the decision to the environment and the configuration.</summary>
    internal bool? AllowPrivateAddresses { get; init; }

    /// <summary>Addresses to listen on; null for the environment's or the default.</summary>
    internal string? Urls { get; init; }

    /// <summary>Print the usage and end.</summary>
    internal bool Help { get; init; }

    /// <summary>Print the version and end.</summary>
    internal bool Version { get; init; }

    /// <summary>Reads the arguments; <paramref name="error"/> names the first that is not understood.</summary>
    internal static bool TryParse(IReadOnlyList<string> args, [NotNullWhen(true)] out CommandLine? commandLine, [NotNullWhen(false)] out string? error)
    {
        var parsed = new CommandLine();
        commandLine = null;
        error = null;
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            switch (name)
            {
                case "--stdio" when value is null:
                    parsed = parsed with { Stdio = true };
                    break;
                case "--allow-private-addresses" when value is null:
                    parsed = parsed with { AllowPrivateAddresses = true };
                    break;
                case "--allow-private-addresses" when bool.TryParse(value, out var allow):
                    parsed = parsed with { AllowPrivateAddresses = allow };
                    break;
                case "--urls" when value is not null:
                    parsed = parsed with { Urls = value };
                    break;
                case "--urls" when i + 1 < args.Count:
                    parsed = parsed with { Urls = args[++i] };
                    break;
                case "--help" or "-h" when value is null:
                    parsed = parsed with { Help = true };
                    break;
                case "--version" when value is null:
                    parsed = parsed with { Version = true };
                    break;
                default:
                    error = $"Option '{args[i]}' is not understood; see --help.";
                    return false;
            }
        }

        if (parsed is { Stdio: true, Urls: not null })
        {
            error = "Options --stdio and --urls exclude each other.";
            return false;
        }

        commandLine = parsed;
        return true;
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }
}
