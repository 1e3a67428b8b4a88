using System.Text;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>
/// The credential that the environment offers, in the order of all Google tools: the file that <c>GOOGLE_APPLICATION_CREDENTIALS</c> names, the
/// login of gcloud, the metadata server. It is looked up each time a token is due, so a file may come later or change.
/// </summary>
/// <param name="variable">Reads a variable of the environment.</param>
/// <param name="calls">Calls.</param>
internal sealed class ApplicationDefaultCredentials(Func<string, string?> variable, GcpCalls calls) : IGcpTokens
{
    private const string FileName = "application_default_credentials.json";
    private const string MetadataHost = "metadata.google.internal";

    public async Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        var token = await (await FindAsync(cancellationToken)).FetchAsync(audience, cancellationToken);
        return audience is null && Set("GOOGLE_CLOUD_QUOTA_PROJECT") is { } project ? token with { QuotaProject = project } : token;
    }

    private async Task<IGcpTokens> FindAsync(CancellationToken cancellationToken)
    {
        if (Set("GOOGLE_APPLICATION_CREDENTIALS") is { } named)
        {
            return await ReadAsync(named, "the file of GOOGLE_APPLICATION_CREDENTIALS", cancellationToken);
        }

        return WellKnownFile() is { } login && File.Exists(login)
            ? await ReadAsync(login, "the login of gcloud", cancellationToken)
            : new MetadataServerTokens(Set("GCE_METADATA_HOST") ?? MetadataHost, null, calls);
    }

    private async Task<IGcpTokens> ReadAsync(string path, string what, CancellationToken cancellationToken)
    {
        var bytes = await CredentialFiles.ReadAsync(path, what, cancellationToken);
        try
        {
            return GcpCredentialFile.Read(Encoding.UTF8.GetString(bytes), calls);
        }
        catch (FormatException error)
        {
            throw new BackendAuthException($"{what} cannot be used: {error.Message}", error);
        }
    }

    private string? WellKnownFile() =>
        Set("CLOUDSDK_CONFIG") is { } folder ? Path.Combine(folder, FileName)
        : OperatingSystem.IsWindows() ? Set("APPDATA") is { } data ? Path.Combine(data, "gcloud", FileName) : null
        : Set("HOME") is { } home ? Path.Combine(home, ".config", "gcloud", FileName)
        : null;

    private string? Set(string name) => variable(name) is { Length: > 0 } text ? text : null;
}
