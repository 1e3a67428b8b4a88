using System.Security.Cryptography;
using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Tokens;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using TokenCache = AgentGateway.Proxy.Backends.Auth.Tokens.TokenCache;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>
/// The caller's token, exchanged at a token endpoint (<c>oauthTokenExchange</c>): RFC 8693, or RFC 7523 where the grant is <c>jwtBearer</c>.
/// Tokens are kept by all that went into the exchange.
/// </summary>
internal sealed class ExchangedTokenCredential : IBackendCredential
{
    private const int DefaultCapacity = 8192;
    private static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(300);

    private readonly OAuthTokenExchange _settings;
    private readonly GatewayServices _services;
    private readonly CalloutTarget _target;
    private readonly CredentialPlace _subjectPlace;
    private readonly CredentialPlace? _actorPlace;
    private readonly CredentialPlace _resultPlace;
    private readonly ClientAuthentication? _client;
    private readonly KeyValuePair<string, CelProgram>[] _additional;
    private readonly TokenCache _cache;

    /// <exception cref="FormatException">The settings cannot be used.</exception>
    public ExchangedTokenCredential(OAuthTokenExchange settings, GatewayServices services)
    {
        _settings = settings;
        _services = services;
        _target = new CalloutTarget(settings.Target, settings.Policies, "oauthTokenExchange", services);
        _subjectPlace = CredentialPlace.From(settings.SubjectToken?.Source, CredentialPlace.Bearer);
        if (settings.ActorToken is { } actor)
        {
            if (settings.GrantType == OAuthGrantType.JwtBearer)
            {
                throw new FormatException("oauthTokenExchange: actorToken goes with grantType tokenExchange only");
            }

            _actorPlace = CredentialPlace.From(actor.Source, CredentialPlace.Bearer);
        }

        _resultPlace = CredentialPlace.ForWriting(settings.AuthorizationLocation);
        _client = settings.ClientAuth is { } client ? new ClientAuthentication(client, services.Time) : null;
        var additional = new List<KeyValuePair<string, CelProgram>>();
        foreach (var (name, expression) in settings.AdditionalParams.Entries)
        {
            additional.Add(new(name, RequestExpressions.Compile(expression)));
        }

        _additional = [.. additional];
        _cache = new TokenCache(settings.Cache?.MaxEntries ?? DefaultCapacity, services.Time);
    }

    public bool ReadsRequestBody => _subjectPlace.ReadsBody || _actorPlace is { ReadsBody: true } || RequestExpressions.ReadsBody(Array.ConvertAll(_additional, static parameter => parameter.Value));

    public async ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        var form = BuildForm(context);
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(FormText.Encode(form))));
        var token = await _cache.GetAsync(key, cancellationToken => FetchAsync(context, form, cancellationToken), context.Aborted);
        attempt.Target = RequestCredentials.Attach(attempt.Headers, attempt.Target, _resultPlace, token);
    }

    private List<KeyValuePair<string, string>> BuildForm(RequestContext context)
    {
        var subject = FindToken(context, _subjectPlace) ?? throw new BackendAuthException("the request has no token to exchange");
        var form = new List<KeyValuePair<string, string>>();
        if (_settings.GrantType == OAuthGrantType.JwtBearer)
        {
            form.Add(new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"));
            form.Add(new("assertion", subject));
        }
        else
        {
            form.Add(new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"));
            form.Add(new("subject_token", subject));
            form.Add(new("subject_token_type", (_settings.SubjectToken ?? new SubjectToken()).TokenType));
            if (_actorPlace is not null)
            {
                var actor = FindToken(context, _actorPlace) ?? throw new BackendAuthException("the request has no actor token");
                if (_settings.ActorToken!.EnforceMayAct && !MayAct.Allows(subject, actor))
                {
                    throw new BackendAuthException("the subject token does not let the actor act (may_act)");
                }

                form.Add(new("actor_token", actor));
                form.Add(new("actor_token_type", _settings.ActorToken.TokenType));
            }

            if (_settings.RequestedTokenType is { } requested)
            {
                form.Add(new("requested_token_type", requested));
            }
        }

        foreach (var audience in _settings.Audiences)
        {
            form.Add(new("audience", audience));
        }

        foreach (var resource in _settings.Resources)
        {
            form.Add(new("resource", resource));
        }

        if (_settings.Scopes.Length > 0)
        {
            form.Add(new("scope", string.Join(' ', _settings.Scopes)));
        }

        foreach (var (name, program) in _additional)
        {
            form.Add(new(name, RequestExpressions.EvaluateText(program, context) ?? throw new BackendAuthException($"the expression of the parameter {name} has no value")));
        }

        return form;
    }

    // An authentication policy may have taken the token out of the request.
    private static string? FindToken(RequestContext context, CredentialPlace place) =>
        RequestCredentials.TryFind(context, place, out var token) ? token.ToString()
        : ReferenceEquals(place, CredentialPlace.Bearer) ? context.Record.Jwt?.RawToken
        : null;

    private async Task<FetchedToken> FetchAsync(RequestContext context, List<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        try
        {
            var client = _target.ClientFor(context);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(client.Address, _settings.Path ?? "/"));
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            var sent = new List<KeyValuePair<string, string>>(form);
            _client?.Apply(request, sent);
            request.Content = FormText.Content(sent);
            await _target.ApplyAsync(context, request);
            var answer = await _services.Callouts.SendAsync(context.Record, "OAuthTokenExchange", request, cancellationToken, client.Http, _target.TimeoutFor(context));
            return TokenResponse.Read(answer.Status, answer.Body, _settings.Cache?.DefaultTtl ?? DefaultLife, _services.Time.GetUtcNow());
        }
        catch (CalloutException error)
        {
            throw new BackendAuthException("the token endpoint did not answer: " + error.Message, error);
        }
    }
}
