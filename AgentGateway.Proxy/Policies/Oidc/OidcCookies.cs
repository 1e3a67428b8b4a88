using System.Globalization;
using System.Text;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
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

    // A browser that is sent to log in many times without doing so must not end up with more cookies than a request can hold.
    private const int MaxTransactions = 8;
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

    /// <summary>Headers that begin a login, and end the oldest ones where too many are under way: browsers send what they got first first.</summary>
    public string[] SetTransaction(LoginTransaction transaction, StringValues cookies)
    {
        var name = TransactionName(transaction.State);
        var set = Header(name, secret.Seal(name, transaction.Write()), LoginTransaction.Life);
        return CookieText.NamesWithPrefix(cookies, TransactionPrefix) is { Count: >= MaxTransactions } underWay
            ? [set, .. underWay.Take(underWay.Count - MaxTransactions + 1).Where(static old => HttpToken.IsValid(old)).Select(old => Header(old, "", TimeSpan.Zero))]
            : [set];
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
        return TransactionPrefix + Convert.ToHexStringLower(hash.AsSpan(0, 4));
    }

    private string TransactionPrefix => $"{Prefix}t_{policyId}_";

    private string Header(string name, string value, TimeSpan life) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}; Path=/; Max-Age={(long)life.TotalSeconds}; HttpOnly; SameSite=Lax{(secure ? "; Secure" : "")}");
}
