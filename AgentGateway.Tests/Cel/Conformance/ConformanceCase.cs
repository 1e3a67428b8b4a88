using System.Text.Json;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>One test of the suite: its name, cel-go's view of it (syntax tree, type), and the test itself.</summary>
internal sealed record ConformanceCase(string Name, JsonElement Test, JsonElement Original)
{
    public string Expression => Original.GetProperty("expr").GetString()!;

    public bool IsConformance => Name.StartsWith("conformance/", StringComparison.Ordinal);

    public string Suite => Name.Split('/')[IsConformance ? 1 : 0];

    public override string ToString() => Name;
}
