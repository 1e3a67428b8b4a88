using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Primitives;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// Policy <c>jwtAuth</c> (specification config-mcp 3.5): a valid token becomes <c>jwt</c> and leaves the request; without one the mode decides.
/// </summary>
internal sealed class JwtAuthentication(AuthenticationMode mode, CredentialPlace location, JwtVerifier verifier) : IRequestPolicy
{
    private static readonly KeyValuePair<string, StringValues>[] Challenge = [new("WWW-Authenticate", "Bearer")];
    private static readonly KeyValuePair<string, StringValues>[] InvalidChallenge = [new("WWW-Authenticate", "Bearer error=\"invalid_token\"")];

    public static JwtAuthentication Create(JwtAuthSettings policy, PolicyScope scope) =>
        new(policy.Mode, CredentialPlace.From(policy.Location, CredentialPlace.Bearer), JwtVerifierFactory.Create(policy.Providers, scope.Services));

    public bool NeedsRequestBody => location.ReadsBody;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        if (RequestCredentials.TryFind(context, location, out var token))
        {
            if (verifier.FindValidated(token) is { } known)
            {
                Accept(context, known);
                return default;
            }

            return VerifyAsync(context, token.ToString());
        }

        // A policy of the gateway phase took the token out of the request; this one judges it by its own issuers.
        return context.Record.Jwt is { } earlier ? VerifyAsync(context, earlier.RawToken)
            : mode == AuthenticationMode.Strict ? new(Refuse(JwtFailure.Missing, Challenge))
            : default;
    }

    private async ValueTask<GatewayReply?> VerifyAsync(RequestContext context, string token)
    {
        var (identity, failure) = await verifier.VerifyAsync(token, context.Aborted);
        if (identity is not null)
        {
            Accept(context, identity);
            return null;
        }

        return mode == AuthenticationMode.Permissive ? null : Refuse(failure!, InvalidChallenge);
    }

    private void Accept(RequestContext context, JwtIdentity identity)
    {
        RequestCredentials.Remove(context, location);
        context.Record.Jwt = identity;
        context.Record.JwtSubject = identity.Subject;
    }

    private static GatewayReply Refuse(string failure, KeyValuePair<string, StringValues>[] challenge)
    {
        var message = "authentication failure: " + failure;
        return new GatewayReply
        {
            Status = failure == JwtFailure.KeysUnavailable ? 503 : 401,
            Reason = ResponseReason.JwtAuth,
            Error = message,
            Body = System.Text.Encoding.UTF8.GetBytes(message),
            Headers = challenge,
        };
    }
}
