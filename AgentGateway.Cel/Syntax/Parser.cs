namespace AgentGateway.Cel.Syntax;

/// <summary>
/// Recursive descent over the CEL grammar, with precedence climbing for the binary operators. Reports every error it can find and
/// is bounded in depth and number of nodes.
/// </summary>
internal sealed partial class Parser
{
    private readonly Lexer _lexer;
    private readonly DiagnosticBag _diagnostics;
    private readonly CelLimits _limits;
    private readonly CelLibraries _libraries;
    private Token _current;
    private Token _next;
    private int _depth;
    private int _nodes;
    private bool _aborted;
    private int _lastError = -1;

    public Parser(string source, CelLibraries libraries, CelLimits limits, DiagnosticBag diagnostics, bool hashComments = false)
    {
        _diagnostics = diagnostics;
        _limits = limits;
        _libraries = libraries;
        _lexer = new Lexer(source, diagnostics, hashComments);
        _current = _lexer.Next();
        _next = _lexer.Next();
    }

    public int NodeCount => _nodes;

    /// <summary>Parses a whole source; null after reported errors.</summary>
    public static Expr? Parse(string source, CelLibraries libraries, CelLimits limits, DiagnosticBag diagnostics)
    {
        if (source.Length > limits.MaxSourceLength)
        {
            diagnostics.Error(0, $"expression is longer than {limits.MaxSourceLength} characters");
            return null;
        }

        var parser = new Parser(source, libraries, limits, diagnostics);
        var expr = parser.Expression();
        while (parser._current.Kind != TokenKind.End)
        {
            parser.Unexpected("an operator or the end");
            parser.Advance();
            if (parser.StartsExpression())
                parser.Expression();
        }

        return diagnostics.HasErrors ? null : expr;
    }

    private bool Has(CelLibraries library) => (_libraries & library) != 0;

    private Expr Expression()
    {
        if (!Enter())
            return Failed(_current.Start);
        var condition = Binary(2);
        if (_current.Kind == TokenKind.Question)
        {
            var at = _current.Start;
            Advance();
            var yes = Binary(2);
            Expect(TokenKind.Colon, "':' of the conditional");
            var no = Expression();
            condition = Node(new CallExpr(at, Operators.Conditional, null, [condition, yes, no]));
        }

        _depth--;
        return condition;
    }

    private Expr Binary(int minimum)
    {
        var left = Unary();
        while (BinaryOperator(_current.Kind) is { } function)
        {
            var precedence = Operators.Precedence(function);
            if (precedence < minimum)
                break;
            var at = _current.Start;
            Advance();
            var right = Binary(precedence + 1);
            if (function is Operators.And or Operators.Or)
                left = Node(LogicChain(at, function, left, right, precedence));
            else
                left = Node(new CallExpr(at, function, null, [left, right]));
        }

        return left;
    }

    /// <summary>One node for a whole chain of the same operator: a long list of alternatives is wide, not deep.</summary>
    private CallExpr LogicChain(int at, string function, Expr first, Expr second, int precedence)
    {
        var args = new List<Expr> { first, second };
        while (BinaryOperator(_current.Kind) == function)
        {
            Advance();
            args.Add(Binary(precedence + 1));
        }

        return new CallExpr(at, function, null, [.. args]);
    }

    private Expr Unary()
    {
        var kind = _current.Kind;
        if (kind is not (TokenKind.Not or TokenKind.Minus))
            return Postfix(Primary());
        var at = _current.Start;
        var count = 0;
        while (_current.Kind == kind)
        {
            count++;
            Advance();
        }

        Expr operand;
        if (kind == TokenKind.Minus && _current.Kind is TokenKind.Int or TokenKind.Double)
        {
            operand = Postfix(NegativeLiteral(at));
            count--;
        }
        else
        {
            operand = Unary2(kind);
        }

        // Pairs are not cancelled out: the operand must be one the operator takes.
        for (; count > 0 && !_aborted; count--)
            operand = Node(new CallExpr(at, kind == TokenKind.Not ? Operators.Not : Operators.Negate, null, [operand]));
        return operand;
    }

    /// <summary>After a run of one unary operator the other may follow, as in <c>!-x</c>; its nesting counts.</summary>
    private Expr Unary2(TokenKind before)
    {
        if (_current.Kind is not (TokenKind.Not or TokenKind.Minus) || _current.Kind == before)
            return Postfix(Primary());
        if (!Enter())
            return Failed(_current.Start);
        var expr = Unary();
        _depth--;
        return expr;
    }

    private ConstExpr NegativeLiteral(int at)
    {
        var token = _current;
        Advance();
        if (token.Kind == TokenKind.Double)
            return Node(new ConstExpr(at, CelValue.FromDouble(-(double)token.Value!)));
        var magnitude = (ulong)token.Value!;
        if (magnitude > 1UL << 63)
            Error(token.Start, "integer literal out of range");
        return Node(new ConstExpr(at, CelValue.FromInt(unchecked(-(long)magnitude))));
    }

    private Expr Primary()
    {
        var token = _current;
        switch (token.Kind)
        {
            case TokenKind.Int:
                Advance();
                if ((ulong)token.Value! > long.MaxValue)
                    Error(token.Start, "integer literal out of range");
                return Node(new ConstExpr(token.Start, CelValue.FromInt(unchecked((long)(ulong)token.Value!))));
            case TokenKind.Uint:
                Advance();
                return Node(new ConstExpr(token.Start, CelValue.FromUint((ulong)token.Value!)));
            case TokenKind.Double:
                Advance();
                return Node(new ConstExpr(token.Start, CelValue.FromDouble((double)token.Value!)));
            case TokenKind.String:
                Advance();
                return Node(new ConstExpr(token.Start, CelValue.FromString((string)token.Value!)));
            case TokenKind.Bytes:
                Advance();
                return Node(new ConstExpr(token.Start, CelValue.FromBytes((byte[])token.Value!)));
            case TokenKind.True or TokenKind.False:
                Advance();
                return Node(new ConstExpr(token.Start, CelValue.FromBool(token.Kind == TokenKind.True)));
            case TokenKind.Null:
                Advance();
                return Node(new ConstExpr(token.Start, CelValue.Null));
            case TokenKind.LeftParen:
                Advance();
                var inner = Expression();
                Expect(TokenKind.RightParen, "')'");
                return inner;
            case TokenKind.LeftBracket:
                return ListLiteral();
            case TokenKind.LeftBrace:
                return MapLiteral();
            case TokenKind.Dot:
                Advance();
                if (_current.Kind == TokenKind.Identifier)
                    return NameOrCall(absolute: true);
                Unexpected("a name");
                return Failed(token.Start);
            case TokenKind.Identifier:
                return NameOrCall(absolute: false);
            case TokenKind.Error:
                // The lexer has said what is wrong.
                _lastError = token.Start;
                Advance();
                return Failed(token.Start);
            default:
                Unexpected("an expression");
                if (token.Kind is not (TokenKind.End or TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightBrace or TokenKind.Comma or TokenKind.Colon))
                {
                    Advance();
                    if (StartsExpression() && Enter())
                    {
                        var expr = Unary();
                        _depth--;
                        return expr;
                    }
                }

                return Failed(token.Start);
        }
    }

    private Expr NameOrCall(bool absolute)
    {
        var token = _current;
        var name = (string)token.Value!;
        Advance();
        if (IsReserved(name))
            Error(token.Start, $"'{name}' is a reserved word and cannot be used as a name");
        if (_current.Kind != TokenKind.LeftParen)
            return Node(new IdentExpr(token.Start, name, absolute));
        var args = Arguments();
        return Node(MacroCall(token.Start, name, null, args) ?? new CallExpr(token.Start, absolute ? "." + name : name, null, args));
    }

    private Expr Postfix(Expr expr)
    {
        while (true)
        {
            switch (_current.Kind)
            {
                case TokenKind.Dot:
                    Advance();
                    expr = Member(expr);
                    break;
                case TokenKind.LeftBracket:
                    var at = _current.Start;
                    Advance();
                    var optional = OptionalMark();
                    var index = Expression();
                    Expect(TokenKind.RightBracket, "']'");
                    expr = Node(new CallExpr(at, optional ? Operators.OptionalIndex : Operators.Index, null, [expr, index]));
                    break;
                case TokenKind.LeftBrace when TypeName(expr) is { } typeName:
                    expr = Node(StructLiteral(typeName, expr.Offset));
                    break;
                default:
                    return expr;
            }
        }
    }

    private Expr Member(Expr operand)
    {
        var optional = OptionalMark();
        var token = _current;
        if (token.Kind is not (TokenKind.Identifier or TokenKind.QuotedIdentifier))
        {
            Unexpected("a member name");
            if (token.Kind is TokenKind.True or TokenKind.False or TokenKind.Null or TokenKind.In)
                Advance();
            return operand;
        }

        var name = (string)token.Value!;
        Advance();
        if (_current.Kind != TokenKind.LeftParen || token.Kind == TokenKind.QuotedIdentifier || optional)
            return Node(new SelectExpr(token.Start, operand, name, optional, quoted: token.Kind == TokenKind.QuotedIdentifier));
        var args = Arguments();
        return Node(MacroCall(token.Start, name, operand, args) ?? new CallExpr(token.Start, name, operand, args));
    }

    private Expr[] Arguments()
    {
        Advance();
        var args = new List<Expr>();
        while (_current.Kind is not (TokenKind.RightParen or TokenKind.End))
        {
            args.Add(Expression());
            if (_current.Kind != TokenKind.Comma)
                break;
            Advance();
            if (_current.Kind == TokenKind.RightParen)
                Unexpected("an argument");
        }

        Expect(TokenKind.RightParen, "')' or ','");
        return [.. args];
    }

    private ListExpr ListLiteral()
    {
        var at = _current.Start;
        Advance();
        var elements = new List<Expr>();
        List<bool>? optional = null;
        LoneComma(TokenKind.RightBracket);
        while (_current.Kind is not (TokenKind.RightBracket or TokenKind.End))
        {
            var mark = OptionalMark();
            if (mark)
                optional ??= [.. Enumerable.Repeat(false, elements.Count)];
            optional?.Add(mark);
            elements.Add(Expression());
            if (_current.Kind != TokenKind.Comma)
                break;
            Advance();
        }

        Expect(TokenKind.RightBracket, "']' or ','");
        return Node(new ListExpr(at, [.. elements], optional?.ToArray()));
    }

    private MapExpr MapLiteral()
    {
        var at = _current.Start;
        Advance();
        var entries = new List<MapEntry>();
        LoneComma(TokenKind.RightBrace);
        while (_current.Kind is not (TokenKind.RightBrace or TokenKind.End))
        {
            var optional = OptionalMark();
            var key = Expression();
            Expect(TokenKind.Colon, "':' of the map entry");
            entries.Add(new MapEntry(key, Expression(), optional));
            if (_current.Kind != TokenKind.Comma)
                break;
            Advance();
        }

        Expect(TokenKind.RightBrace, "'}' or ','");
        return Node(new MapExpr(at, [.. entries]));
    }

    private StructExpr StructLiteral(string typeName, int at)
    {
        Advance();
        var fields = new List<StructField>();
        LoneComma(TokenKind.RightBrace);
        while (_current.Kind is not (TokenKind.RightBrace or TokenKind.End))
        {
            var optional = OptionalMark();
            var name = _current;
            if (name.Kind is not (TokenKind.Identifier or TokenKind.QuotedIdentifier))
            {
                Unexpected("a field name");
                break;
            }

            Advance();
            Expect(TokenKind.Colon, "':' of the field");
            fields.Add(new StructField((string)name.Value!, Expression(), optional, name.Kind == TokenKind.QuotedIdentifier));
            if (_current.Kind != TokenKind.Comma)
                break;
            Advance();
        }

        Expect(TokenKind.RightBrace, "'}' or ','");
        return new StructExpr(at, typeName, [.. fields]);
    }

    /// <summary>The grammar allows a last comma also in empty literals: <c>[,]</c> and <c>{,}</c>.</summary>
    private void LoneComma(TokenKind closing)
    {
        if (_current.Kind == TokenKind.Comma && _next.Kind == closing)
            Advance();
    }

    private bool OptionalMark()
    {
        if (_current.Kind != TokenKind.Question)
            return false;
        if (!Has(CelLibraries.Optionals))
            Error(_current.Start, "optional syntax is not enabled");
        Advance();
        return true;
    }

    /// <summary>The dotted name of a chain of plain selections, which may be a type before <c>{</c>.</summary>
    private static string? TypeName(Expr expr) => expr switch
    {
        IdentExpr ident => ident.Absolute ? "." + ident.Name : ident.Name,
        SelectExpr { Optional: false, Quoted: false, Test: false } select => TypeName(select.Operand) is { } prefix ? prefix + "." + select.Field : null,
        _ => null,
    };

    private static string? BinaryOperator(TokenKind kind) => kind switch
    {
        TokenKind.Or => Operators.Or,
        TokenKind.And => Operators.And,
        TokenKind.Equal => Operators.Equal,
        TokenKind.NotEqual => Operators.NotEqual,
        TokenKind.Less => Operators.Less,
        TokenKind.LessEqual => Operators.LessEqual,
        TokenKind.Greater => Operators.Greater,
        TokenKind.GreaterEqual => Operators.GreaterEqual,
        TokenKind.In => Operators.In,
        TokenKind.Plus => Operators.Add,
        TokenKind.Minus => Operators.Subtract,
        TokenKind.Star => Operators.Multiply,
        TokenKind.Slash => Operators.Divide,
        TokenKind.Percent => Operators.Modulo,
        _ => null,
    };

    public static bool IsReserved(string name) => name is "as" or "break" or "const" or "continue" or "else" or "for" or "function" or "if" or "import"
        or "let" or "loop" or "package" or "namespace" or "return" or "var" or "void" or "while";

    private bool StartsExpression() => _current.Kind is TokenKind.Identifier or TokenKind.Int or TokenKind.Uint or TokenKind.Double or TokenKind.String
        or TokenKind.Bytes or TokenKind.True or TokenKind.False or TokenKind.Null or TokenKind.LeftParen or TokenKind.LeftBracket or TokenKind.LeftBrace
        or TokenKind.Minus or TokenKind.Not or TokenKind.Dot;

    private void Advance()
    {
        if (_aborted)
            return;
        _current = _next;
        if (_current.Kind != TokenKind.End)
            _next = _lexer.Next();
    }

    private void Expect(TokenKind kind, string what)
    {
        if (_current.Kind == kind)
            Advance();
        else
            Unexpected(what);
    }

    private bool Enter()
    {
        if (++_depth <= _limits.MaxNesting)
            return true;
        _depth--;
        Abort(_current.Start, $"expression is nested deeper than {_limits.MaxNesting} levels");
        return false;
    }

    private T Node<T>(T expr)
        where T : Expr
    {
        if (++_nodes > _limits.MaxNodes)
            Abort(expr.Offset, $"expression has more than {_limits.MaxNodes} parts");
        else if (expr.Depth > _limits.MaxNesting)
            Abort(expr.Offset, $"expression is nested deeper than {_limits.MaxNesting} levels");
        return expr;
    }

    private static ConstExpr Failed(int offset) => new(offset, CelValue.Null);

    private void Unexpected(string expected)
    {
        var found = _current.Kind switch
        {
            TokenKind.End => "end of the expression",
            TokenKind.Error => null,
            TokenKind.String or TokenKind.Bytes => "a string",
            _ => "'" + _diagnostics.Source.AsSpan(_current.Start, Math.Min(_current.Length, 40)).ToString() + "'",
        };
        if (found is not null)
            Error(_current.Start, $"unexpected {found}, expected {expected}");
    }

    private void Error(int offset, string message)
    {
        // What follows an error at the same place is only its echo.
        if (_aborted || offset == _lastError)
            return;
        _lastError = offset;
        _diagnostics.Error(offset, message);
    }

    /// <summary>A bound is passed: nothing more is read.</summary>
    private void Abort(int offset, string message)
    {
        if (_aborted)
            return;
        _diagnostics.Error(offset, message);
        _aborted = true;
        _current = new Token(TokenKind.End, _diagnostics.Source.Length, 0);
        _next = _current;
    }
}
