using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>The admin page behind a gateway.</summary>
internal static class UiNormaliser
{
    private static readonly string[] Prefixes = ["/ui", "/api/runtime", "/api/config", "/api/cel", "/api/logs", "/api/costs"];

    public static void Add(UiSection? ui, ReadContext context, GatewayTable gateways, PolicyTargets targets, RouteFactory routes)
    {
        if (ui is null)
        {
            return;
        }

        if (ui.Gateways is null && !gateways.HasDefault(http: true))
        {
            context.SemanticError(ui.At, "ui.gateways must be set; name an entry of `gateways`, or call one `default`");
            return;
        }

        var matches = new List<RouteMatchSnapshot> { new() { Path = new PathMatchSnapshot(PathMatchKind.Exact, "/") } };
        matches.AddRange(Prefixes.Select(static prefix => new RouteMatchSnapshot { Path = new PathMatchSnapshot(PathMatchKind.Prefix, prefix) }));
        foreach (var policy in ui.Policies)
        {
            if (policy is OidcPolicy oidc && Uri.TryCreate(oidc.RedirectUri, UriKind.Absolute, out var redirect))
            {
                matches.Add(new RouteMatchSnapshot { Path = new PathMatchSnapshot(PathMatchKind.Exact, redirect.AbsolutePath) });
            }
        }

        foreach (var listener in gateways.Resolve(ui.Gateways, http: true, ui.At, "ui"))
        {
            var key = $"{listener.Key}/internal/ui";
            listener.Add(new RouteSnapshot
            {
                Key = key,
                Name = "internal/ui",
                Matches = [.. matches],
                Backends = [new RouteBackendSnapshot { Backend = new InternalBackendSnapshot { Key = "ui" } }],
                Policies = PolicySets.Merge(listener.RoutePolicies, targets.ForRoute("internal/ui", null), ui.Policies),
            });
        }
    }
}
