using System.Collections.Immutable;

namespace AgentGateway.Cel.Functions;

/// <summary>Reads the notation functions are declared in: <c>string.charAt(int) -> string</c>, <c>math.least(A...) -> A</c>.</summary>
internal ref struct SignatureReader(string text, IReadOnlyDictionary<string, CelType> types)
{
    private readonly string _text = text;
    private readonly IReadOnlyDictionary<string, CelType> _types = types;
    private int _at;

    public static CelOverload Read(string text, bool isMethod, IReadOnlyDictionary<string, CelType> types, CelFunctionBody body, bool isVolatile, string description)
    {
        var reader = new SignatureReader(text, types);
        return reader.Overload(isMethod, body, isVolatile, description);
    }

    private CelOverload Overload(bool isMethod, CelFunctionBody body, bool isVolatile, string description)
    {
        var parameters = ImmutableArray.CreateBuilder<CelType>();
        if (isMethod)
        {
            parameters.Add(Type());
            Expect('.');
        }

        var open = _text.IndexOf('(', _at);
        if (open < 0)
            throw Bad();
        var name = _text[_at..open];
        _at = open + 1;
        var variadic = false;
        while (Peek() != ')')
        {
            parameters.Add(Type());
            if (Peek() == '.')
            {
                variadic = true;
                _at += 3;
            }

            if (Peek() == ',')
                _at++;
        }

        _at++;
        if (Peek() != '-')
            throw Bad();
        _at += 2;
        var result = Type();
        return new CelOverload(name, isMethod, parameters.ToImmutable(), variadic, result, body, isVolatile, _text, description);
    }

    private CelType Type()
    {
        Peek();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            _at++;
        var name = _text[start.._at];
        if (name.Length == 1 && char.IsAsciiLetterUpper(name[0]))
            return CelType.Parameter(name);
        var args = ImmutableArray.CreateBuilder<CelType>();
        if (_at < _text.Length && _text[_at] == '(' && name is "list" or "map" or "optional" or "type")
        {
            _at++;
            while (Peek() != ')')
            {
                args.Add(Type());
                if (Peek() == ',')
                    _at++;
            }

            _at++;
        }

        return (name, args.Count) switch
        {
            ("list", 0) => CelType.AnyList,
            ("list", 1) => CelType.List(args[0]),
            ("map", 0) => CelType.AnyMap,
            ("map", 2) => CelType.Map(args[0], args[1]),
            ("optional", 1) => CelType.Optional(args[0]),
            ("type", 0) => CelType.AnyType,
            ("type", 1) => CelType.TypeOf(args[0]),
            ("dyn", 0) => CelType.Dyn,
            ("null", 0) => CelType.Null,
            ("bool", 0) => CelType.Bool,
            ("int", 0) => CelType.Int,
            ("uint", 0) => CelType.Uint,
            ("double", 0) => CelType.Double,
            ("string", 0) => CelType.String,
            ("bytes", 0) => CelType.Bytes,
            ("timestamp", 0) => CelType.Timestamp,
            ("duration", 0) => CelType.Duration,
            (_, 0) when _types.TryGetValue(name, out var type) => type,
            _ => throw Bad(),
        };
    }

    private char Peek()
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        return _at < _text.Length ? _text[_at] : throw Bad();
    }

    private void Expect(char c)
    {
        if (Peek() != c)
            throw Bad();
        _at++;
    }

    private readonly FormatException Bad() => new($"'{_text}' is no function signature.");
}
