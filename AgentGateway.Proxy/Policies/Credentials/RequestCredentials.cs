using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Credentials;

/// <summary>Finds, removes and attaches credentials at the places that configuration names.</summary>
internal static class RequestCredentials
{
    /// <summary>Finds the credential without its prefix. False when there is none, or it is empty.</summary>
    public static bool TryFind(RequestContext context, CredentialPlace place, out ReadOnlySpan<char> credential)
    {
        if (place.Header is { } header)
        {
            return TryFind(context.Http.Request.Headers, header.Name, header.Prefix, out credential);
        }

        credential = place.QueryParameter is { } parameter ? QueryText.Find(context.Target, parameter)
            : place.Cookie is { } cookie ? CookieText.Find(context.Http.Request.Headers.Cookie, cookie)
            : place.Expression is { } expression ? RequestExpressions.EvaluateText(expression, context)
            : default;
        return !credential.IsEmpty;
    }

    /// <summary>Takes the credential out of the request, so that the upstream does not see it.</summary>
    public static void Remove(RequestContext context, CredentialPlace place)
    {
        if (place.Header is { } header)
        {
            context.Http.Request.Headers.Remove(header.Name);
        }
        else if (place.QueryParameter is { } parameter)
        {
            context.Target = QueryText.Remove(context.Target, parameter);
        }
        else if (place.Cookie is { } cookie)
        {
            CookieText.Remove(context.Http.Request.Headers, cookie);
        }
    }

    /// <summary>Puts a credential into a request, in place of one that stands there.</summary>
    /// <param name="headers">Headers of the request.</param>
    /// <param name="target">Path and query of the request.</param>
    /// <param name="place">Where to put it.</param>
    /// <param name="credential">The credential without prefix.</param>
    /// <returns>Path and query with the credential, or as they were.</returns>
    public static string Attach(IHeaderDictionary headers, string target, CredentialPlace place, string credential)
    {
        if (place.QueryParameter is { } parameter)
        {
            return QueryText.Set(target, parameter, credential);
        }

        if (place.Cookie is { } cookie)
        {
            CookieText.Set(headers, cookie, credential);
        }
        else
        {
            var header = place.Header!;
            headers[header.Name] = header.Prefix.Length == 0 ? credential : header.Prefix + credential;
        }

        return target;
    }

    private static bool TryFind(IHeaderDictionary headers, string name, string prefix, out ReadOnlySpan<char> credential)
    {
        foreach (var value in headers[name])
        {
            if (value is not null && value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                credential = value.AsSpan(prefix.Length).Trim(' ');
                if (!credential.IsEmpty)
                {
                    return true;
                }
            }
        }

        credential = default;
        return false;
    }
}
