using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Routing;

/// <summary>A condition that one of a header's values must meet; pseudo headers stand for parts of the request line.</summary>
internal sealed class HeaderCondition(HeaderMatchSnapshot snapshot)
{
    private readonly string _name = snapshot.Name;
    private readonly ValueCondition _value = new(snapshot.Value);
    private readonly bool _isPseudo = snapshot.Name.StartsWith(':');

    public bool Matches(in RouteQuestion request)
    {
        if (_isPseudo)
        {
            return _name switch
            {
                ":method" => _value.Matches(request.Method),
                ":path" => _value.Matches(request.Target),
                ":authority" => _value.Matches(request.Authority),
                ":scheme" => _value.Matches(request.Scheme),
                _ => false,
            };
        }

        if (!request.Headers.TryGetValue(_name, out var values))
        {
            return false;
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (_value.Matches(values[i]))
            {
                return true;
            }
        }

        return false;
    }
}
