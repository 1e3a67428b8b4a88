namespace AgentGateway.Cel.Syntax;

/// <summary><c>name(a, rest...) { body }</c> or <c>this.name(a) { body }</c>; of a method the first parameter is <c>this</c>.</summary>
internal sealed record FunctionDefinition(int Offset, string Name, bool IsMethod, bool IsVariadic, IReadOnlyList<string> Parameters, Expr Body)
{
    public string Signature
    {
        get
        {
            var names = Parameters.Skip(IsMethod ? 1 : 0);
            return $"{(IsMethod ? "this." : "")}{Name}({string.Join(", ", names)}{(IsVariadic ? "..." : "")})";
        }
    }
}
