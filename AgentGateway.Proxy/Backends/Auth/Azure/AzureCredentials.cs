using AgentGateway.Configuration.Snapshot.Policies;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace AgentGateway.Proxy.Backends.Auth.Azure;

/// <summary>Makes the library's credentials from the configuration, and reads its errors.</summary>
internal static class AzureCredentials
{
    private const int MaxMessageLength = 200;

    public static TokenCredential Create(AzureAuth settings, Func<string, string?> variable, HttpPipelineTransport? transport)
    {
        if (settings.DeveloperImplicit is not null)
        {
            return new ChainedTokenCredential(
                new AzureCliCredential(Prepare(new AzureCliCredentialOptions(), transport)),
                new AzureDeveloperCliCredential(Prepare(new AzureDeveloperCliCredentialOptions(), transport)));
        }

        return settings.ExplicitConfig is { } given ? Create(given, variable, transport) : new DefaultAzureCredential(Prepare(
            new DefaultAzureCredentialOptions
            {
                ExcludeBrokerCredential = true,
                ExcludeInteractiveBrowserCredential = true,
                ExcludeVisualStudioCodeCredential = true,
                ExcludeVisualStudioCredential = true,
                ExcludeAzurePowerShellCredential = true,
            },
            transport));
    }

    /// <summary>What is wrong, without the lines of advice that follow it.</summary>
    public static string FirstLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? message : message[..end];
        return line.Length <= MaxMessageLength ? line : line[..MaxMessageLength];
    }

    /// <summary>The code in an error of Microsoft Entra ID. The text around it names tenants and applications, which are nobody else's business.</summary>
    public static string CodeOf(Exception error)
    {
        const string Prefix = "AADSTS";
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            var message = cause.Message;
            var start = message.IndexOf(Prefix, StringComparison.Ordinal);
            if (start >= 0)
            {
                var end = start + Prefix.Length;
                while (end < message.Length && char.IsAsciiDigit(message[end]))
                {
                    end++;
                }

                return $" ({message[start..end]})";
            }
        }

        return "";
    }

    private static TokenCredential Create(AzureExplicit settings, Func<string, string?> variable, HttpPipelineTransport? transport)
    {
        if (settings.ClientSecret is { } client)
        {
            return new ClientSecretCredential(client.TenantId, client.ClientId, client.ClientSecret.Reveal(), Prepare(new ClientSecretCredentialOptions(), transport));
        }

        return settings.WorkloadIdentity is not null
            ? new WorkloadIdentityCredential(Prepare(
                new WorkloadIdentityCredentialOptions
                {
                    TenantId = variable("AZURE_TENANT_ID"),
                    ClientId = variable("AZURE_CLIENT_ID"),
                    TokenFilePath = variable("AZURE_FEDERATED_TOKEN_FILE"),
                },
                transport))
            : new ManagedIdentityCredential(Prepare(new ManagedIdentityCredentialOptions(IdOf(settings.ManagedIdentity?.UserAssignedIdentity)), transport));
    }

    private static ManagedIdentityId IdOf(AzureUserAssignedIdentity? identity) =>
        identity?.ClientId is { } client ? ManagedIdentityId.FromUserAssignedClientId(client)
        : identity?.ObjectId is { } principal ? ManagedIdentityId.FromUserAssignedObjectId(principal)
        : identity?.ResourceId is { } resource ? ManagedIdentityId.FromUserAssignedResourceId(new ResourceIdentifier(resource))
        : ManagedIdentityId.SystemAssigned;

    private static T Prepare<T>(T options, HttpPipelineTransport? transport)
        where T : TokenCredentialOptions
    {
        if (transport is not null)
        {
            options.Transport = transport;
        }

        // The gateway's own traces and logs tell what it does.
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }
}
