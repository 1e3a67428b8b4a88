using System.Security.Cryptography;
using System.Text;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using BasicAuthSettings = AgentGateway.Configuration.Snapshot.Policies.BasicAuth;

namespace AgentGateway.Proxy.Policies.BasicAuth;

/// <summary>
/// Policy <c>basicAuth</c>: valid credentials become <c>basicAuth.username</c> and leave the request; otherwise 401 with a challenge.
/// Slow hashes are computed off the socket threads, a few at a time, and an accepted password is remembered by a keyed digest.
/// </summary>
internal sealed class BasicAuthentication : IRequestPolicy
{
    private const int MaxCredentialLength = 4096;
    private const int MaxRemembered = 10_000;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // What a check of an unknown user costs, so that the time does not tell which users exist.
    private static readonly IPasswordHash Decoy = new BcryptHash("$2y$10$abcdefghijklmnopqrstuuMtm2Nw2gxYxvNm9bHJUCuUUjb9Z6FIq");

    // Slow checks of the whole process at one time; the rest of the processors keep serving.
    private static readonly SemaphoreSlim Slots = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly BasicAuthSettings _policy;
    private readonly bool _keepsCredentials;
    private readonly CredentialPlace _place;
    private readonly HtpasswdFile _users;
    private readonly byte[] _digestKey = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, string> _accepted = [];
    private readonly GatewayReply _missing;
    private readonly GatewayReply _invalid;

    /// <param name="policy">The settings.</param>
    /// <param name="keepsCredentials">True when a policy of the route may have to judge what this one takes out of the request.</param>
    public BasicAuthentication(BasicAuthSettings policy, bool keepsCredentials = false)
    {
        _policy = policy;
        _keepsCredentials = keepsCredentials;
        _place = CredentialPlace.From(policy.AuthorizationLocation, CredentialPlace.Basic);
        try
        {
            _users = HtpasswdFile.Parse(policy.Htpasswd.Reveal());
        }
        catch (FormatException error)
        {
            throw new PolicyValueException("htpasswd", error.Message, cause: error);
        }

        _missing = Refusal("no basic authentication credentials found");
        _invalid = Refusal("invalid credentials");
    }

    public static BasicAuthentication Create(BasicAuthSettings policy, PolicyScope scope) => new(policy, scope.Stage == PolicyStage.Gateway);

    public bool NeedsRequestBody => _place.ReadsBody;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        if (!RequestCredentials.TryFind(context, _place, out var encoded))
        {
            // A policy of the gateway phase took the credentials out of the request; this one judges them by its own list.
            if (context.Record.BasicAuthCredentials is not { } earlier)
            {
                return _policy.Mode == BasicAuthenticationMode.Strict ? new(_missing) : default;
            }

            encoded = earlier;
        }

        if (encoded.Length > MaxCredentialLength)
        {
            return new(_invalid);
        }

        Span<byte> decoded = stackalloc byte[MaxCredentialLength * 3 / 4 + 3];
        if (!Convert.TryFromBase64Chars(encoded, decoded, out var length))
        {
            return new(_invalid);
        }

        decoded = decoded[..length];
        var colon = decoded.IndexOf((byte)':');
        if (colon < 0)
        {
            return new(_invalid);
        }

        var digest = DigestOf(decoded);
        lock (_lock)
        {
            if (_accepted.TryGetValue(digest, out var known))
            {
                Accept(context, known);
                return default;
            }
        }

        string user;
        try
        {
            user = StrictUtf8.GetString(decoded[..colon]);
        }
        catch (DecoderFallbackException)
        {
            return new(_invalid);
        }

        var password = decoded[(colon + 1)..];
        var stored = _users.Find(user);
        if ((stored ?? Decoy).IsSlow)
        {
            return CheckSlowlyAsync(context, user, stored, password.ToArray(), digest);
        }

        return new(Conclude(context, user, stored!.Matches(password), digest));
    }

    private async ValueTask<GatewayReply?> CheckSlowlyAsync(RequestContext context, string user, IPasswordHash? stored, byte[] password, UInt128 digest)
    {
        await Slots.WaitAsync(context.Aborted);
        bool matches;
        try
        {
            matches = await Task.Run(() => (stored ?? Decoy).Matches(password), context.Aborted) && stored is not null;
        }
        finally
        {
            Slots.Release();
            CryptographicOperations.ZeroMemory(password);
        }

        return Conclude(context, user, matches, digest);
    }

    private GatewayReply? Conclude(RequestContext context, string user, bool matches, UInt128 digest)
    {
        if (!matches)
        {
            return _invalid;
        }

        lock (_lock)
        {
            if (_accepted.Count >= MaxRemembered)
            {
                _accepted.Clear();
            }

            _accepted[digest] = user;
        }

        Accept(context, user);
        return null;
    }

    private void Accept(RequestContext context, string user)
    {
        if (_keepsCredentials && RequestCredentials.TryFind(context, _place, out var encoded))
        {
            context.Record.BasicAuthCredentials = encoded.ToString();
        }

        RequestCredentials.Remove(context, _place);
        context.Record.BasicAuthUsername = user;
    }

    private UInt128 DigestOf(ReadOnlySpan<byte> credentials)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_digestKey, credentials, digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private GatewayReply Refusal(string failure)
    {
        var message = "basic authentication failure: " + failure;
        var isProxy = _place.Header is { } header && header.Name.Equals("proxy-authorization", StringComparison.OrdinalIgnoreCase);
        var realm = (_policy.Realm ?? "Restricted").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return new GatewayReply
        {
            Status = isProxy ? 407 : 401,
            Reason = ResponseReason.BasicAuth,
            Error = message,
            Body = Encoding.UTF8.GetBytes(message),
            Headers = [new(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate", $"Basic realm=\"{realm}\"")],
        };
    }
}
