using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Checks how route groups refer to each other: a circle is a warning (the request that goes round is answered with 500), nesting has a bound.</summary>
internal sealed class RouteGroupCheck(EquatableArray<RouteGroup> groups, ReadContext context)
{
    /// <summary>Most groups that a request passes.</summary>
    private const int MaxDepth = 16;

    private readonly Dictionary<string, RouteGroup> _groups = groups.GroupBy(static g => g.Name, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal);
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public void Run()
    {
        foreach (var group in groups)
        {
            Depth(group);
        }
    }

    // Groups below and including this one.
    private int Depth(RouteGroup group)
    {
        if (_depths.TryGetValue(group.Name, out var known))
        {
            return known;
        }

        _open.Add(group.Name);
        var deepest = 0;
        foreach (var reference in group.Routes.SelectMany(static route => route.Backends).Select(static choice => choice.RouteGroup).OfType<Located<string>>())
        {
            if (_open.Contains(reference.Value))
            {
                context.Warning(reference.At.Path, reference.At.Position, $"route group `{Quoting.Shorten(reference.Value)}` leads back to itself: requests that go round are answered with 500");
            }
            else if (_groups.TryGetValue(reference.Value, out var next))
            {
                // The first bound keeps the recursion short whatever the document says.
                var depth = _open.Count < MaxDepth ? Depth(next) : MaxDepth;
                if (depth == MaxDepth)
                {
                    context.SemanticError(reference.At, $"route groups are nested more than {MaxDepth} deep; make the chain of groups shorter");
                }

                deepest = Math.Max(deepest, Math.Min(depth, MaxDepth - 1));
            }
        }

        _open.Remove(group.Name);
        return _depths[group.Name] = deepest + 1;
    }
}
