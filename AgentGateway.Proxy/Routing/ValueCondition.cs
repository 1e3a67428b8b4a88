using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Routing;

/// <summary>A compiled condition on a text: equal, or covered by a regular expression.</summary>
internal readonly struct ValueCondition(ValueMatchSnapshot snapshot)
{
    private readonly string _exact = snapshot.Value;
    private readonly WholeRegex? _regex = snapshot.Kind == ValueMatchKind.Regex ? new WholeRegex(snapshot.Value) : null;

    public bool Matches(ReadOnlySpan<char> value) => _regex is null ? value.SequenceEqual(_exact) : _regex.Matches(value);
}
