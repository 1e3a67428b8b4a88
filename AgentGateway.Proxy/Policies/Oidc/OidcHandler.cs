using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Policies.Documents;
using AgentGateway.Proxy.Policies.JwtAuth;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using JwtProvider = AgentGateway.Proxy.Policies.JwtAuth.JwtProvider;

namespace AgentGateway.Proxy.Policies.Oidc;

/// <summary>
/// Policy <c>oidc</c> (specification config-mcp 3.6): browser login by authorization code with PKCE. The session is the id token, sealed in a
/// cookie: no state is kept, so every replica knows every session.
/// </summary>
internal sealed partial class OidcHandler : IRequestPolicy
{
    // A call of gRPC follows no redirect; it is told why it failed.
    private const int GrpcUnauthenticated = 16;

    private static readonly TimeSpan DefaultSession = TimeSpan.FromHours(1);

    private readonly OidcPolicy _policy;
    private readonly GatewayServices _services;
    private readonly OidcProvider _provider;
    private readonly JwtVerifier _verifier;
    private readonly OidcCookies _cookies;
    private readonly string _callbackPath;
    private readonly string _origin;
    private readonly string _scope;
    private readonly ILogger _logger;

    /// <exception cref="FormatException">The settings cannot be used.</exception>
    public OidcHandler(OidcPolicy policy, GatewayServices services, string? cookieSecret)
    {
        if (!Uri.TryCreate(policy.RedirectUri, UriKind.Absolute, out var redirect) || redirect.Scheme is not ("http" or "https"))
        {
            throw new FormatException("oidc: redirectURI is an absolute http or https URL");
        }

        _policy = policy;
        _services = services;
        _provider = new OidcProvider(policy, services);
        _verifier = new JwtVerifier([new JwtProvider(policy.Issuer, [policy.ClientId], ["exp"], _provider, services.Time)], services.Time);
        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"{policy.Issuer}\n{policy.ClientId}\n{policy.RedirectUri}"));
        _cookies = new OidcCookies(CookieSecret.Parse(cookieSecret), Convert.ToHexStringLower(id.AsSpan(0, 8)), redirect.Scheme == "https");
        _callbackPath = redirect.AbsolutePath;
        _origin = redirect.GetLeftPart(UriPartial.Authority);
        var scopes = new List<string> { "openid" };
        foreach (var scope in policy.Scopes)
        {
            if (!scopes.Contains(scope))
            {
                scopes.Add(scope);
            }
        }

        _scope = string.Join(' ', scopes);
        _logger = services.Logging.CreateLogger("agentgateway::oidc");
    }

    public static OidcHandler Create(OidcPolicy policy, PolicyScope scope) =>
        new(policy, scope.Services, scope.Services.Settings.OidcCookieSecret?.Reveal());

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        var request = context.Http.Request;
        if (HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0)
        {
            // A browser sends no cookies with a pre-flight and follows no redirect of it. What others send stays here all the same.
            CookieText.RemovePrefixed(request.Headers, OidcCookies.Prefix);
            return default;
        }

        if (context.Path.SequenceEqual(_callbackPath))
        {
            return CallbackAsync(context);
        }

        if (_cookies.ReadSession(request.Headers.Cookie) is not { } token)
        {
            return RedirectToLoginAsync(context);
        }

        if (_verifier.FindValidated(token) is { } known)
        {
            Accept(context, known);
            return default;
        }

        return ResumeAsync(context, token);
    }

    private async ValueTask<GatewayReply?> ResumeAsync(RequestContext context, string token)
    {
        var (identity, failure) = await _verifier.VerifyAsync(token, context.Aborted);
        if (identity is not null)
        {
            Accept(context, identity);
            return null;
        }

        return failure == JwtFailure.KeysUnavailable ? Failure(503, "the identity provider is not available") : await RedirectToLoginAsync(context);
    }

    private static void Accept(RequestContext context, JwtIdentity identity)
    {
        CookieText.RemovePrefixed(context.Http.Request.Headers, OidcCookies.Prefix);
        context.Record.Jwt = identity;
        context.Record.JwtSubject = identity.Subject;
    }

    private async ValueTask<GatewayReply?> RedirectToLoginAsync(RequestContext context)
    {
        string endpoint;
        try
        {
            endpoint = await _provider.AuthorizationEndpointAsync(context.Aborted);
        }
        catch (RemoteDocumentException error)
        {
            LogFailed(error.Message);
            return Failure(503, "the identity provider is not available");
        }

        var transaction = LoginTransaction.Begin(context.OriginalTarget, _services.Time.GetUtcNow());
        var query = FormText.Encode(
        [
            new("response_type", "code"),
            new("client_id", _policy.ClientId),
            new("redirect_uri", _policy.RedirectUri),
            new("scope", _scope),
            new("state", transaction.State),
            new("nonce", transaction.Nonce),
            new("code_challenge", transaction.Challenge),
            new("code_challenge_method", "S256"),
        ]);
        return Redirect(endpoint + (endpoint.Contains('?') ? "&" : "?") + query, _cookies.SetTransaction(transaction, context.Http.Request.Headers.Cookie), "oidc authentication required");
    }

    private async ValueTask<GatewayReply?> CallbackAsync(RequestContext context)
    {
        var target = context.Target;
        var state = QueryText.Find(target, "state").ToString();
        var code = QueryText.Find(target, "code").ToString();
        var error = QueryText.Find(target, "error").ToString();
        if (state.Length == 0 || (code.Length == 0 && error.Length == 0) || !HttpMethods.IsGet(context.Http.Request.Method))
        {
            return Failure(400, "invalid callback");
        }

        if (_cookies.ReadTransaction(context.Http.Request.Headers.Cookie, state) is not { } transaction ||
            !FixedTimeEquals(transaction.State, state) || _services.Time.GetUtcNow().ToUnixTimeSeconds() >= transaction.ExpiresAt)
        {
            return Failure(400, "missing transaction");
        }

        if (error.Length > 0)
        {
            return Failure(400, "the identity provider answered " + Printable(error));
        }

        try
        {
            var identity = await ExchangeAsync(context, code, transaction);
            var now = _services.Time.GetUtcNow();
            var life = identity.ExpiresAt is { } end && end > now ? end - now : DefaultSession;
            return _cookies.SetSession(identity.RawToken, life) is { } session
                ? Redirect(_origin + transaction.Target, new StringValues([_cookies.ClearTransaction(state), .. session]), null)
                : Failure(500, "the id token is too large for a session cookie");
        }
        catch (Exception failure) when (failure is CalloutException or BackendAuthException or RemoteDocumentException)
        {
            LogFailed(failure.Message);
            return Failure(500, "the login could not be completed");
        }
    }

    private async Task<JwtIdentity> ExchangeAsync(RequestContext context, string code, LoginTransaction transaction)
    {
        var endpoint = await _provider.TokenEndpointAsync(context.Aborted);
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "authorization_code"),
            new("code", code),
            new("redirect_uri", _policy.RedirectUri),
            new("code_verifier", transaction.Verifier),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        var client = new OAuthClientAuth
        {
            ClientId = _policy.ClientId,
            ClientSecret = _policy.ClientSecret,
            Method = await _provider.TokenEndpointAuthAsync(context.Aborted) == TokenEndpointAuth.ClientSecretPost ? OAuthClientAuthMethod.ClientSecretPost : OAuthClientAuthMethod.ClientSecretBasic,
        };
        new Backends.Auth.Tokens.ClientAuthentication(client, _services.Time).Apply(request, form);
        request.Content = FormText.Content(form);
        var answer = await _services.Callouts.SendAsync(context.Record, "Oidc", request, context.Aborted);
        if (answer.Status is < 200 or > 299)
        {
            throw new CalloutException($"the token endpoint answered {answer.Status}");
        }

        var (identity, failure) = await _verifier.VerifyAsync(IdTokenOf(answer.Body), context.Aborted);
        if (identity is null)
        {
            throw new CalloutException("the id token was refused: " + failure);
        }

        if (!FixedTimeEquals(ClaimOf(identity, "nonce") ?? "", transaction.Nonce))
        {
            throw new CalloutException("the id token is of another login");
        }

        return identity;
    }

    private static string IdTokenOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String
                ? token.GetString()!
                : throw new CalloutException("the token endpoint's answer has no id_token");
        }
        catch (JsonException)
        {
            throw new CalloutException("the token endpoint's answer is no JSON");
        }
    }

    private static string? ClaimOf(JwtIdentity identity, string name)
    {
        var reader = new Utf8JsonReader(identity.ClaimsJson.Span);
        var claims = JsonElement.ParseValue(ref reader);
        return claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;
    }

    private static bool FixedTimeEquals(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string Printable(string text)
    {
        var kept = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 64)))
        {
            kept.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '?');
        }

        return kept.ToString();
    }

    private static GatewayReply Redirect(string location, StringValues cookies, string? error) => new()
    {
        Status = 302,
        Reason = ResponseReason.Oidc,
        Error = error,
        GrpcStatus = GrpcUnauthenticated,
        ContentType = null,
        Headers = [new("Location", location), new("Set-Cookie", cookies), new("Cache-Control", "no-store")],
    };

    private static GatewayReply Failure(int status, string problem) => new()
    {
        Status = status,
        Reason = ResponseReason.Oidc,
        Error = "oidc: " + problem,
        Body = Encoding.UTF8.GetBytes(problem),
        Headers = [new("Cache-Control", "no-store")],
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "login failed: {Problem}")]
    private partial void LogFailed(string problem);
}
