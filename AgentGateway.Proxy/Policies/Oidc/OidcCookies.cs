using System.Globalization;
using System.Text;
using AgentGateway.Proxy.Policies.Credentials;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.Oidc;

/// <summary>The cookies of one oidc policy. A session that is too large for one cookie is spread over several.</summary>
/// <param name="secret">Seals their content.</param>
/// <param name="policyId">16 hexadecimal digits that tell policies apart.</param>
/// <param name="secure">True when the site is served over https.</param>
internal sealed class OidcCookies(CookieSecret secret, string policyId, bool secure)
{
    /// <summary>Begins the name of every cookie of this policy kind; none of them reaches an upstream.</summary>
    public const string Prefix = "agw_oidc_";

    private const int ChunkLength = 3500;
    private const int MaxChunks = 4;
    private readonly string _session = $"{Prefix}s_{policyId}";

    /// <summary>Headers that set the session; null when it is too large for cookies.</summary>
    public string[]? SetSession(string idToken, TimeSpan life)
    {
        var value = secret.Seal(_session, Encoding.ASCII.GetBytes(idToken));
        var count = (value.Length + ChunkLength - 1) / ChunkLength;
        if (count > MaxChunks)
        {
            return null;
        }

        var headers = new string[count];
        for (var i = 0; i < count; i++)
        {
            var chunk = value.Substring(i * ChunkLength, Math.Min(ChunkLength, value.Length - (i * ChunkLength)));
            headers[i] = Header(i == 0 ? _session : $"{_session}_{i}", i == 0 ? $"{count}.{chunk}" : chunk, life);
        }

        return headers;
    }

    /// <summary>The id token of the session, or null without one.</summary>
    public string? ReadSession(StringValues cookies)
    {
        var first = CookieText.Find(cookies, _session);
        if (first.Length < 3 || first[1] != '.' || first[0] is < '1' or > (char)('0' + MaxChunks))
        {
            return null;
        }

        var value = first[2..].ToString();
        for (var i = 1; i < first[0] - '0'; i++)
        {
            value += CookieText.Find(cookies, $"{_session}_{i.ToString(CultureInfo.InvariantCulture)}").ToString();
        }

        return value.Length <= ChunkLength * MaxChunks && secret.Open(_session, value) is { } content ? Encoding.ASCII.GetString(content) : null;
    }

    public string SetTransaction(LoginTransaction transaction)
    {
        var name = TransactionName(transaction.State);
        return Header(name, secret.Seal(name, transaction.Write()), LoginTransaction.Life);
    }

    public LoginTransaction? ReadTransaction(StringValues cookies, string state)
    {
        var name = TransactionName(state);
        return secret.Open(name, CookieText.Find(cookies, name)) is { } content ? LoginTransaction.Read(content) : null;
    }

    public string ClearTransaction(string state) => Header(TransactionName(state), "", TimeSpan.Zero);

    // Each login under way has its own, so that several tabs can log in at a time.
    private string TransactionName(string state)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(state));
        return $"{Prefix}t_{policyId}_{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }

    private string Header(string name, string value, TimeSpan life) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}; Path=/; Max-Age={(long)life.TotalSeconds}; HttpOnly; SameSite=Lax{(secure ? "; Secure" : "")}");
}
