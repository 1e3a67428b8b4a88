using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Policies.Documents;
using AgentGateway.Proxy.Policies.JwtAuth;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using JwtProvider = AgentGateway.Proxy.Policies.JwtAuth.JwtProvider;
using McpAuthenticationPolicy = AgentGateway.Configuration.Snapshot.Policies.McpAuthentication;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>
/// Policy <c>mcpAuthentication</c> (specification config-mcp 2.9): validates tokens as jwtAuth does, tells clients without one where to log in,
/// and stands in for providers whose metadata or registration MCP clients cannot use.
/// </summary>
internal sealed class McpAuthenticationHandler : IRequestPolicy
{
    private const int MaxRegistrationLength = 64 * 1024;

    private readonly McpAuthenticationSettings _settings;
    private readonly JwtVerifier _verifier;
    private readonly GatewayServices _services;
    private readonly ResourceMetadata _resource;
    private readonly RemoteDocument<JsonObjectText>[] _serverMetadata;

    public McpAuthenticationHandler(McpAuthenticationSettings settings, JwtVerifier verifier, GatewayServices services)
    {
        _settings = settings;
        _verifier = verifier;
        _services = services;
        _resource = new ResourceMetadata(settings.ResourceMetadataJson);
        _serverMetadata = Array.ConvertAll(
            AuthorizationServer.MetadataAddresses(settings.Issuer, settings.Provider),
            address => services.Documents.Get(address, AuthorizationServer.ParseMetadata, required: false));
    }

    public static McpAuthenticationHandler Create(McpAuthenticationPolicy policy, PolicyScope scope)
    {
        var services = scope.Services;
        var jwks = policy.Jwks ?? new Resource { Url = AuthorizationServer.DefaultJwks(policy.Issuer, policy.Provider).AbsoluteUri };
        var provider = new JwtProvider(
            policy.Issuer,
            [.. policy.Audiences],
            [.. (policy.JwtValidationOptions ?? new JwtValidationOptions()).RequiredClaims],
            JwtVerifierFactory.KeysFrom(jwks, services),
            services.Time);
        var settings = new McpAuthenticationSettings
        {
            Issuer = policy.Issuer,
            Audiences = [.. policy.Audiences],
            Provider = policy.Provider,
            ResourceMetadataJson = policy.ResourceMetadata.Json,
            ClientId = policy.ClientId,
            ClientSecret = policy.ClientSecret?.Reveal(),
            Mode = policy.Mode,
            Location = CredentialPlace.From(policy.AuthorizationLocation, CredentialPlace.Bearer),
        };
        return new McpAuthenticationHandler(settings, new JwtVerifier([provider], services.Time), services);
    }

    public bool NeedsRequestBody => _settings.Location.ReadsBody;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        var path = context.Path;
        if (path.StartsWith("/.well-known/oauth-", StringComparison.Ordinal))
        {
            if (McpEndpoints.Below(path, McpEndpoints.ProtectedResource) is { } resource)
            {
                return new(IsPreflight(context) ? Preflight() : Json(200, _resource.Write(OriginOf(context) + resource, ServerFor(context, resource))));
            }

            if (McpEndpoints.Below(path, McpEndpoints.AuthorizationServer) is { } server)
            {
                return IsPreflight(context) ? new(Preflight()) : ServeAuthorizationServerAsync(context, server);
            }
        }

        if (RequestCredentials.TryFind(context, _settings.Location, out var token))
        {
            if (_verifier.FindValidated(token) is { } known)
            {
                Accept(context, known);
                return default;
            }

            return VerifyAsync(context, token.ToString());
        }

        return context.Record.Jwt is { } earlier ? VerifyAsync(context, earlier.RawToken)
            : _settings.Mode == AuthenticationMode.Strict ? new(Refuse(context, JwtFailure.Missing))
            : default;
    }

    private async ValueTask<GatewayReply?> VerifyAsync(RequestContext context, string token)
    {
        var (identity, failure) = await _verifier.VerifyAsync(token, context.Aborted);
        if (identity is not null)
        {
            Accept(context, identity);
            return null;
        }

        return _settings.Mode == AuthenticationMode.Permissive ? null : Refuse(context, failure!);
    }

    private void Accept(RequestContext context, JwtIdentity identity)
    {
        RequestCredentials.Remove(context, _settings.Location);
        context.Record.Jwt = identity;
        context.Record.JwtSubject = identity.Subject;
    }

    private async ValueTask<GatewayReply?> ServeAuthorizationServerAsync(RequestContext context, string below)
    {
        var method = context.Http.Request.Method;
        var (suffix, endpoint) = Split(below);
        if ((suffix, method) is not ((null, "GET" or "HEAD") or (McpEndpoints.RegistrationSuffix, "POST") or (McpEndpoints.AuthorizeSuffix, "GET") or (McpEndpoints.TokenSuffix, "POST")))
        {
            return GatewayReply.Failure(405, ResponseReason.InvalidRequest, "method not allowed");
        }

        if (suffix == McpEndpoints.RegistrationSuffix && _settings.ClientId is { } clientId)
        {
            return await RequestBodies.ReadAsync(context, MaxRegistrationLength) is { } body &&
                ClientRegistration.Answer(body, clientId, _settings.ClientSecret, _services.Time.GetUtcNow()) is { } answer
                ? Json(201, answer)
                : Json(400, """{"error":"invalid_client_metadata"}"""u8.ToArray());
        }

        if (await FindMetadataAsync(context.Aborted) is not { } metadata)
        {
            return Failed("the metadata of the authorization server is not available");
        }

        var current = OriginOf(context) + McpEndpoints.AuthorizationServer + endpoint;
        return suffix switch
        {
            null => Json(200, ServerMetadata.Write(metadata, _settings, OriginOf(context) + endpoint, current)),
            McpEndpoints.RegistrationSuffix => await PassOnAsync(context, RegistrationEndpoint(metadata), form: false),
            McpEndpoints.TokenSuffix => await PassOnAsync(context, metadata.Text("token_endpoint"), form: true),
            _ => RedirectToLogin(context, metadata.Text("authorization_endpoint")),
        };
    }

    // The stand-in endpoints of Entra exist only for Entra: elsewhere the last segment belongs to the resource's path.
    private (string? Suffix, string Endpoint) Split(string below)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[McpEndpoints.RegistrationSuffix, McpEndpoints.AuthorizeSuffix, McpEndpoints.TokenSuffix])
        {
            if (below.EndsWith(suffix, StringComparison.Ordinal) && (suffix == McpEndpoints.RegistrationSuffix || _settings.Provider == McpIdentityProvider.Entra))
            {
                return (suffix, below[..^suffix.Length]);
            }
        }

        return (null, below);
    }

    private async ValueTask<JsonObjectText?> FindMetadataAsync(CancellationToken cancellationToken)
    {
        foreach (var document in _serverMetadata)
        {
            try
            {
                return await document.GetAsync(cancellationToken);
            }
            catch (RemoteDocumentException)
            {
                // Logged by the document; the next address may have it.
            }
        }

        return null;
    }

    private async ValueTask<GatewayReply?> PassOnAsync(RequestContext context, string? address, bool form)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
        {
            return Failed("the authorization server has no such endpoint");
        }

        if (await RequestBodies.ReadAsync(context, MaxRegistrationLength) is not { } body)
        {
            return GatewayReply.Failure(413, ResponseReason.InvalidRequest, "request body too large");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, target);
        request.Content = new ByteArrayContent(form ? FormText.Without(body, "resource") : body);
        var incoming = context.Http.Request;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", incoming.ContentType ?? (form ? "application/x-www-form-urlencoded" : "application/json"));
        foreach (var name in (ReadOnlySpan<string>)["Authorization", "Accept"])
        {
            if (incoming.Headers.TryGetValue(name, out var value))
            {
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        try
        {
            var answer = await _services.Callouts.SendAsync(context.Record, "McpAuthentication", request, context.Aborted);
            return Reply(answer.Status, answer.ContentType ?? "application/json", answer.Body);
        }
        catch (CalloutException error)
        {
            return Failed(error.Message);
        }
    }

    private static GatewayReply RedirectToLogin(RequestContext context, string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out _))
        {
            return Failed("the authorization server has no authorization endpoint");
        }

        var query = QueryText.Remove("/" + context.Query.ToString(), "resource");
        var location = query.Length > 2 ? address + (address!.Contains('?') ? "&" : "?") + query[2..] : address;
        return new GatewayReply { Status = 302, Reason = ResponseReason.DirectResponse, ContentType = null, Headers = [new("Location", location)] };
    }

    private string? RegistrationEndpoint(JsonObjectText metadata) =>
        metadata.Text("registration_endpoint") ??
        (_settings.Provider == McpIdentityProvider.Keycloak ? _settings.Issuer.TrimEnd('/') + "/clients-registrations/openid-connect" : null);

    // Without help clients go to the issuer; with a provider that needs it they come here, where they find its edited metadata.
    private string ServerFor(RequestContext context, string resource) =>
        _settings.Provider is null && _settings.ClientId is null ? _settings.Issuer : OriginOf(context) + resource;

    private string OriginOf(RequestContext context)
    {
        if (_resource.Origin is { } configured)
        {
            return configured;
        }

        var forwarded = context.Http.Request.Headers["X-Forwarded-Proto"].ToString();
        var scheme = forwarded is "http" or "https" ? forwarded : context.Scheme;
        return scheme + "://" + context.OriginalAuthority;
    }

    private GatewayReply Refuse(RequestContext context, string failure)
    {
        if (failure == JwtFailure.KeysUnavailable)
        {
            return Failed(failure);
        }

        var path = context.Path;
        var address = OriginOf(context) + McpEndpoints.ProtectedResource + (path is "/" ? "" : path.ToString());
        return new GatewayReply
        {
            Status = 401,
            Reason = ResponseReason.JwtAuth,
            Error = "mcp authentication failure: " + failure,
            ContentType = "application/json",
            Body = """{"error":"unauthorized","error_description":"JWT token required"}"""u8.ToArray(),
            Headers = [new("WWW-Authenticate", $"Bearer resource_metadata=\"{address.Replace("\"", "%22", StringComparison.Ordinal)}\"")],
        };
    }

    private static bool IsPreflight(RequestContext context) => HttpMethods.IsOptions(context.Http.Request.Method);

    private static GatewayReply Preflight() => Reply(204, null, []);

    private static GatewayReply Json(int status, byte[] body) => Reply(status, "application/json", body);

    // Browsers fetch these documents from other origins; they hold nothing that is secret or belongs to a user.
    private static GatewayReply Reply(int status, string? contentType, byte[] body) => new()
    {
        Status = status,
        Reason = ResponseReason.DirectResponse,
        ContentType = contentType,
        Body = body,
        Headers =
        [
            new("Access-Control-Allow-Origin", "*"),
            new("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
            new("Access-Control-Allow-Headers", new StringValues("content-type, authorization, mcp-protocol-version")),
        ],
    };

    private static GatewayReply Failed(string problem)
    {
        var message = "mcp authentication failure: " + problem;
        return new GatewayReply { Status = 503, Reason = ResponseReason.JwtAuth, Error = message, Body = Encoding.UTF8.GetBytes(message) };
    }
}
