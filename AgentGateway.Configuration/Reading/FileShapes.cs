using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>Values whose content is in a file.</summary>
internal static class FileShapes
{
    /// <summary>Any text file.</summary>
    public static Shape<PemFile> Content { get; } = new FileShape(static _ => null);

    /// <summary>A PEM file with at least one certificate.</summary>
    public static Shape<PemFile> Pem { get; } = new FileShape(CheckCertificates);

    /// <summary>A PEM file with a private key.</summary>
    public static Shape<Secret> PrivateKey { get; } = new FileShape(CheckPrivateKey).As(static file => new Secret(file.Text));

    /// <summary>Reads a text file and notes that the result depends on it.</summary>
    public static bool TryReadText(ReadContext context, string path, out string text, out string problem)
    {
        text = "";
        if (context.Muted)
        {
            problem = "";
            return true;
        }

        context.ReferencedFiles.Add(path);
        if (!context.Options.Files.TryRead(path, out var content, out problem))
        {
            return false;
        }

        try
        {
            text = new UTF8Encoding(false, true).GetString(content).TrimStart('\uFEFF');
            return true;
        }
        catch (DecoderFallbackException)
        {
            problem = "it is not UTF-8 text";
            return false;
        }
    }

    /// <summary>What is wrong with a text that should hold certificates, or null.</summary>
    public static string? CheckCertificates(string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
            return certificates.Count > 0 ? null : "it holds no PEM certificate";
        }
        catch (CryptographicException)
        {
            return "it holds a PEM certificate that cannot be read";
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    /// <summary>What is wrong with a text that should hold a private key, or null.</summary>
    public static string? CheckPrivateKey(string text)
    {
        foreach (var label in (ReadOnlySpan<string>)["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"])
        {
            if (text.Contains($"-----BEGIN {label}-----", StringComparison.Ordinal))
            {
                return CanImport(RSA.Create(), text) || CanImport(ECDsa.Create(), text) ? null : "its PEM private key cannot be read, or is neither RSA nor EC";
            }
        }

        return "it holds no PEM private key without password";
    }

    private static bool CanImport(AsymmetricAlgorithm key, string text)
    {
        try
        {
            key.ImportFromPem(text);
            return true;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return false;
        }
        finally
        {
            key.Dispose();
        }
    }

    private sealed class FileShape(Func<string, string?> check) : ScalarShape<PemFile>(new PemFile("", ""))
    {
        public override Description Describe(Catalogue catalogue) => new ScalarDescription("file", ["string"], "path/to/file");

        protected override (string Expected, string Remedy) Wanted => ("the path of a file", "write it in quotes");

        protected override bool TryRead(ScalarNode scalar, Place place, out PemFile value)
        {
            value = new PemFile(scalar.Text, "");
            if (scalar.Kind != ScalarKind.Text)
            {
                return false;
            }

            if (scalar.Text.Length == 0)
            {
                place.Error("the path of the file is empty");
            }
            else if (!TryReadText(place.Context, scalar.Text, out var text, out var problem))
            {
                place.Error($"cannot read file `{scalar.Shown}`: {problem}");
            }
            else if (check(text) is { } wrong && !place.Context.Muted)
            {
                place.Error($"cannot use file `{scalar.Shown}`: {wrong}");
            }
            else
            {
                value = new PemFile(scalar.Text, text);
            }

            return true;
        }
    }
}
