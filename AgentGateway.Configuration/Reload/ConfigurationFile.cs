using System.Security.Cryptography;
using System.Text;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.Reload;

/// <summary>What was read from a configuration file, with what tells whether it is still the same.</summary>
public sealed class ConfigurationFile
{
    private ConfigurationFile(LoadResult result, Contents read)
    {
        Result = result;
        Read = read;
    }

    /// <summary>What became of the text.</summary>
    public LoadResult Result { get; }

    /// <summary>The bytes that went into the result.</summary>
    internal Contents Read { get; }

    /// <summary>Digest of everything that went into the result, so that a change without consequence is passed over.</summary>
    internal byte[] Digest => [(byte)(Result.IsValid ? 1 : 0), .. Read.Digest];

    /// <summary>Reads a file and everything that it refers to.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="options">Environment, files and purpose of the load.</param>
    /// <param name="problem">Why the file itself cannot be read, without its path; null when it could.</param>
    public static ConfigurationFile Load(string path, LoadOptions options, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = Load(path, options, allowEmpty: true, [], out problem);
        return file;
    }

    /// <summary>Reads a file; an empty one is refused where it may be half-written.</summary>
    internal static ConfigurationFile Load(string path, LoadOptions options, bool allowEmpty, IReadOnlyCollection<string> referencedBefore) =>
        Load(path, options, allowEmpty, referencedBefore, out _);

    private static ConfigurationFile Load(string path, LoadOptions options, bool allowEmpty, IReadOnlyCollection<string> referencedBefore, out string? problem)
    {
        var files = new RememberedFiles(options.Files);
        var (result, digest) = Load(path, options, files, allowEmpty, referencedBefore, out problem);

        // Made of the very bytes that were read: a file that changes meanwhile would else count as known.
        return new ConfigurationFile(result, new Contents(path, [.. result.ReferencedFiles], Contents.DigestOf(path, digest, result.ReferencedFiles, files)));
    }

    private static (LoadResult Result, byte[] Digest) Load(
        string path, LoadOptions options, RememberedFiles files, bool allowEmpty, IReadOnlyCollection<string> referencedBefore, out string? problem)
    {
        if (!options.Files.TryRead(path, out var content, out var reason))
        {
            problem = reason;
            return (Unreadable($"cannot read {path}: {reason}", referencedBefore), Contents.DigestOf(false, content));
        }

        problem = null;
        var digest = Contents.DigestOf(true, content);
        if (content.Length == 0 && !allowEmpty)
        {
            // Writing in place begins by emptying the file; to take that for a configuration would close every port.
            return (Unreadable($"{path} is empty: it may be half-written; write {{}} for a configuration without anything", referencedBefore), digest);
        }

        try
        {
            return (ConfigurationLoader.Load(new UTF8Encoding(false, true).GetString(content).TrimStart('\uFEFF'), path, options with { Files = files }), digest);
        }
        catch (DecoderFallbackException broken)
        {
            return (Unreadable($"cannot read {path}: it is not UTF-8 text", referencedBefore, Locate(content, broken.Index)), digest);
        }
    }

    private static SourcePosition Locate(byte[] content, int index)
    {
        var before = content.AsSpan(0, Math.Clamp(index, 0, content.Length));
        return new SourcePosition(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    private static LoadResult Unreadable(string message, IReadOnlyCollection<string> referencedBefore, SourcePosition? position = null) => new()
    {
        Errors = [new ConfigurationProblem("", position ?? SourcePosition.Start, message)],
        Warnings = [],
        ReferencedFiles = referencedBefore,
    };

    /// <summary>Digest of a configuration file and the files it refers to.</summary>
    /// <param name="Path">The configuration file.</param>
    /// <param name="Referenced">The files it refers to.</param>
    /// <param name="Digest">Digest of their contents.</param>
    internal sealed record Contents(string Path, string[] Referenced, byte[] Digest)
    {
        /// <summary>True when the files are what they were.</summary>
        public bool IsCurrent(IConfigurationFiles files)
        {
            var found = files.TryRead(Path, out var content, out _);
            return DigestOf(Path, DigestOf(found, content), Referenced, files).AsSpan().SequenceEqual(Digest);
        }

        public static byte[] DigestOf(bool found, byte[] content) => [(byte)(found ? 1 : 0), .. SHA256.HashData(content)];

        public static byte[] DigestOf(string path, byte[] digest, IReadOnlyCollection<string> referenced, IConfigurationFiles files)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(digest);
            foreach (var file in referenced)
            {
                var found = files.TryRead(file, out var content, out _);
                hash.AppendData(Encoding.UTF8.GetBytes(file));
                hash.AppendData(DigestOf(found, content));
            }

            return hash.GetHashAndReset();
        }
    }
}
