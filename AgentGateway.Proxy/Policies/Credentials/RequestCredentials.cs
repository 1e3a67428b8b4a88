using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Credentials;

/// <summary>Finds, removes and attaches credentials at the places that configuration names.</summary>
internal static class RequestCredentials
{
    /// <summary>Finds the credential without its prefix. False when there is none, or it is empty.</summary>
    public static bool TryFind(RequestContext context, CredentialLocation location, out ReadOnlySpan<char> credential)
    {
        switch (location)
        {
            case HeaderCredentialLocation header:
                foreach (var value in context.Http.Request.Headers[header.Name])
                {
                    if (value is not null && value.StartsWith(header.Prefix, StringComparison.OrdinalIgnoreCase))
                    {
                        credential = value.AsSpan(header.Prefix.Length).Trim(' ');
                        if (!credential.IsEmpty)
                        {
                            return true;
                        }
                    }
                }

                break;
            case QueryCredentialLocation query:
                credential = QueryText.Find(context.Target, query.Name);
                return !credential.IsEmpty;
            case CookieCredentialLocation cookie:
                credential = CookieText.Find(context.Http.Request.Headers.Cookie, cookie.Name);
                return !credential.IsEmpty;
        }

        credential = default;
        return false;
    }

    /// <summary>Takes the credential out of the request, so that the upstream does not see it.</summary>
    public static void Remove(RequestContext context, CredentialLocation location)
    {
        switch (location)
        {
            case HeaderCredentialLocation header:
                context.Http.Request.Headers.Remove(header.Name);
                break;
            case QueryCredentialLocation query:
                context.Target = QueryText.Remove(context.Target, query.Name);
                break;
            case CookieCredentialLocation cookie:
                CookieText.Remove(context.Http.Request.Headers, name: cookie.Name);
                break;
        }
    }

    /// <summary>Puts a credential into a request, in place of one that stands there.</summary>
    /// <param name="headers">Headers of the request.</param>
    /// <param name="target">Path and query of the request.</param>
    /// <param name="location">Where to put it.</param>
    /// <param name="credential">The credential without prefix.</param>
    /// <returns>Path and query with the credential, or as they were.</returns>
    public static string Attach(IHeaderDictionary headers, string target, CredentialLocation location, string credential)
    {
        switch (location)
        {
            case HeaderCredentialLocation header:
                headers[header.Name] = header.Prefix.Length == 0 ? credential : header.Prefix + credential;
                return target;
            case QueryCredentialLocation query:
                return QueryText.Set(target, query.Name, credential);
            case CookieCredentialLocation cookie:
                CookieText.Set(headers, cookie.Name, credential);
                return target;
            default:
                throw new InvalidOperationException($"a credential cannot be attached at {location.GetType().Name}; validation must refuse it");
        }
    }
}
