using AgentGateway.Cel;

namespace AgentGateway.Tests.Cel;

/// <summary>Collects attributes as text: <c>key=kind:value</c>.</summary>
internal sealed class AttributeList : ICelAttributeSink
{
    public List<string> Items { get; } = [];

    public void Add(string key, CelValue value) => Items.Add($"{key}={value.Kind}:{value.ToText()}");
}
