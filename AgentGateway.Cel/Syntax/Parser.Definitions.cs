namespace AgentGateway.Cel.Syntax;

internal sealed partial class Parser
{
    private const int MaxDefinitions = 256;
    private const int MaxParameters = 16;

    /// <summary>Parses the text of custom functions.</summary>
    public static List<FunctionDefinition> ParseDefinitions(string source, CelLibraries libraries, CelLimits limits, DiagnosticBag diagnostics)
    {
        var parser = new Parser(source, libraries, limits, diagnostics, hashComments: true);
        var definitions = new List<FunctionDefinition>();
        while (parser._current.Kind != TokenKind.End)
        {
            if (definitions.Count == MaxDefinitions)
            {
                parser.Abort(parser._current.Start, $"more than {MaxDefinitions} custom functions");
                break;
            }

            if (parser.Definition() is { } definition)
                definitions.Add(definition);
            else
                parser.SkipDefinition();
        }

        return definitions;
    }

    private FunctionDefinition? Definition()
    {
        var at = _current.Start;
        var name = NameToken("a function name");
        if (name is null)
            return null;
        var parameters = new List<string>();
        var isMethod = false;
        if (_current.Kind == TokenKind.Dot)
        {
            if (name != "this")
            {
                Error(at, $"a method is defined on 'this': this.name(...), not {name}.name(...)");
                return null;
            }

            Advance();
            isMethod = true;
            parameters.Add("this");
            at = _current.Start;
            name = NameToken("a method name");
            if (name is null)
                return null;
        }

        if (IsReserved(name) || name == "this")
            Error(at, $"'{name}' is a reserved word and cannot be used as a name");
        if (_current.Kind != TokenKind.LeftParen)
        {
            Unexpected("'(' and the parameters");
            return null;
        }

        Advance();
        var variadic = false;
        while (_current.Kind != TokenKind.RightParen)
        {
            if (parameters.Count == MaxParameters)
            {
                Error(_current.Start, $"more than {MaxParameters} parameters");
                return null;
            }

            var parameterAt = _current.Start;
            if (NameToken("a parameter name") is not { } parameter)
                return null;
            if (IsReserved(parameter) || parameter == "this")
                Error(parameterAt, $"'{parameter}' is a reserved word and cannot be used as a name");
            parameters.Add(parameter);
            if (_current.Kind == TokenKind.Dot)
            {
                for (var i = 0; i < 3; i++)
                    Expect(TokenKind.Dot, "'...'");
                variadic = true;
                break;
            }

            if (_current.Kind != TokenKind.Comma)
                break;
            Advance();
        }

        if (_current.Kind != TokenKind.RightParen)
        {
            Unexpected(variadic ? "')', since only the last parameter may take the rest" : "')' or ','");
            return null;
        }

        Advance();
        if (_current.Kind != TokenKind.LeftBrace)
        {
            Unexpected("'{' and the body");
            return null;
        }

        Advance();
        var body = Expression();
        if (_current.Kind != TokenKind.RightBrace)
        {
            Unexpected("an operator or '}'");
            return null;
        }

        Advance();
        return new FunctionDefinition(at, name, isMethod, variadic, parameters, body);
    }

    private string? NameToken(string what)
    {
        if (_current.Kind != TokenKind.Identifier)
        {
            Unexpected(what);
            return null;
        }

        var name = (string)_current.Value!;
        Advance();
        return name;
    }

    /// <summary>After an error, goes on behind the next closing brace.</summary>
    private void SkipDefinition()
    {
        while (_current.Kind is not (TokenKind.RightBrace or TokenKind.End))
            Advance();
        if (_current.Kind == TokenKind.RightBrace)
            Advance();
    }
}
