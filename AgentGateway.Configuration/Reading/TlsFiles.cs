using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentGateway.Configuration.Reading;

/// <summary>Certificate and key of a server, which belong together.</summary>
/// <param name="Certificate">Certificate chain.</param>
/// <param name="PrivateKey">Private key as PEM.</param>
internal sealed record TlsFiles(PemFile Certificate, Secret PrivateKey)
{
    /// <summary>
    /// Reads both files. Where nothing is run, both may be missing together with their folder: certificates are often mounted
    /// only where the gateway runs.
    /// </summary>
    public static TlsFiles? Read(ObjectReader r, string cert, string key)
    {
        var context = r.Context;
        var folder = Path.GetDirectoryName(cert);
        if (!context.Options.ForRuntime && folder == Path.GetDirectoryName(key) && !context.Options.Files.FolderExists(cert))
        {
            context.ReferencedFiles.Add(cert);
            context.ReferencedFiles.Add(key);
            r.Warning("cert", $"the folder `{Quoting.Shorten(folder ?? "")}` is not on this machine: certificate and key are not checked");
            return null;
        }

        var certificate = ReadPart(r, "cert", cert, FileShapes.CheckCertificates);
        var privateKey = ReadPart(r, "key", key, FileShapes.CheckPrivateKey);
        if (certificate is null || privateKey is null)
        {
            return null;
        }

        if (!BelongTogether(certificate, privateKey))
        {
            r.Error("key", $"the private key in `{Quoting.Shorten(key)}` does not belong to the certificate in `{Quoting.Shorten(cert)}`");
        }

        return new TlsFiles(new PemFile(cert, certificate), new Secret(privateKey));
    }

    /// <summary>True when the private key is the certificate's.</summary>
    public static bool BelongTogether(string certificate, string privateKey)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, privateKey);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // A key of the same kind that does not match is an ArgumentException.
            return false;
        }
    }

    private static string? ReadPart(ObjectReader r, string name, string path, Func<string, string?> check)
    {
        if (!FileShapes.TryReadText(r.Context, path, out var text, out var problem))
        {
            r.Error(name, $"cannot read file `{Quoting.Shorten(path)}`: {problem}");
            return null;
        }

        if (check(text) is { } wrong)
        {
            r.Error(name, $"cannot use file `{Quoting.Shorten(path)}`: {wrong}");
            return null;
        }

        return text;
    }
}
