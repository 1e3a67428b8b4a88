using System.Text.Json;
using AgentGateway.Cel;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>Runs one test of the suite. Each method gives null when the test holds, else what was found instead.</summary>
internal static class ConformanceRunner
{
    public static string? Value(ConformanceCase test)
    {
        CelCompilation compilation;
        TestActivation activation;
        try
        {
            compilation = Compile(test, out activation);
        }
        catch (NotSupportedException unsupported)
        {
            return "needs " + unsupported.Message;
        }

        var original = test.Original;
        var expectsError = original.TryGetProperty("evalError", out _);
        if (!compilation.Succeeded)
            return expectsError ? null : compilation.ErrorText;
        if (original.TryGetProperty("typedResult", out var typed))
        {
            var deduced = ConformanceValues.Type(typed.GetProperty("deducedType"));
            if (!compilation.Program.ResultType.Equals(deduced))
                return $"type {compilation.Program.ResultType}, expected {deduced}";
            if (!typed.TryGetProperty("result", out original))
                return null;
            return Compare(compilation.Program.Evaluate(activation), original);
        }

        var result = compilation.Program.Evaluate(activation);
        if (expectsError)
            return result.IsError ? null : $"{result.Kind} {result}, expected an error";
        return original.TryGetProperty("value", out var value) ? Compare(result, value) : result.IsTrue ? null : $"{result.Kind} {result}, expected true";
    }

    /// <summary>The type that the checker finds against the one cel-go finds.</summary>
    public static string? Type(ConformanceCase test)
    {
        CelCompilation compilation;
        try
        {
            compilation = Compile(test, out _);
        }
        catch (NotSupportedException unsupported)
        {
            return "needs " + unsupported.Message;
        }

        if (!compilation.Succeeded)
            return compilation.ErrorText;
        var found = compilation.Program.ResultType.ToString()
            .Replace("google.protobuf.Timestamp", "timestamp", StringComparison.Ordinal)
            .Replace("google.protobuf.Duration", "duration", StringComparison.Ordinal)
            .Replace("null_type", "null", StringComparison.Ordinal);
        var expected = test.Test.GetProperty("type").GetString()!
            .Replace("google.protobuf.Timestamp", "timestamp", StringComparison.Ordinal)
            .Replace("google.protobuf.Duration", "duration", StringComparison.Ordinal);
        return found == expected ? null : $"type {found}, expected {expected}";
    }

    public static CelCompilation Compile(ConformanceCase test, out TestActivation activation)
    {
        var original = test.Original;
        activation = new TestActivation();
        var builder = new CelEnvironmentBuilder { Libraries = CelLibraries.All & ~CelLibraries.Gateway };
        if (original.TryGetProperty("container", out var container))
            builder.Container = container.GetString()!;
        DeclareEnums(builder);
        var bindings = new Dictionary<string, CelValue>(StringComparer.Ordinal);
        if (original.TryGetProperty("bindings", out var bound))
        {
            foreach (var binding in bound.EnumerateObject())
                bindings[binding.Name] = ConformanceValues.Value(binding.Value.GetProperty("value"));
        }

        var slot = 0;
        if (original.TryGetProperty("typeEnv", out var declarations))
        {
            foreach (var declaration in declarations.EnumerateArray())
            {
                var name = declaration.GetProperty("name").GetString()!;
                if (declaration.TryGetProperty("function", out var function))
                {
                    DeclareFunction(builder, name, function);
                    continue;
                }

                builder.AddVariable(name, slot, ConformanceValues.Type(declaration.GetProperty("ident").GetProperty("type")));
                if (bindings.Remove(name, out var value))
                    activation.Values[slot] = value;
                slot++;
            }
        }

        foreach (var (name, value) in bindings)
        {
            builder.AddVariable(name, slot, CelType.Dyn);
            activation.Values[slot++] = value;
        }

        var strict = !(original.TryGetProperty("disableCheck", out var disabled) && disabled.GetBoolean());
        return builder.Build().Compile(test.Expression, strict);
    }

    /// <summary>The enums of the suite's own messages: a host declares the constants it has, as ints.</summary>
    private static void DeclareEnums(CelEnvironmentBuilder builder)
    {
        foreach (var package in (string[])["cel.expr.conformance.proto2", "cel.expr.conformance.proto3"])
        {
            foreach (var (name, value) in ((string, int)[])[("GlobalEnum.GOO", 0), ("GlobalEnum.GAR", 1), ("GlobalEnum.GAZ", 2), ("TestAllTypes.NestedEnum.FOO", 0), ("TestAllTypes.NestedEnum.BAR", 1), ("TestAllTypes.NestedEnum.BAZ", 2)])
                builder.AddConstant($"{package}.{name}", CelValue.FromInt(value));
        }
    }

    private static void DeclareFunction(CelEnvironmentBuilder builder, string name, JsonElement function)
    {
        foreach (var overload in function.GetProperty("overloads").EnumerateArray())
        {
            var result = ConformanceValues.Type(overload.GetProperty("resultType"));
            var parameters = overload.TryGetProperty("params", out var given) ? given.EnumerateArray().Select(ConformanceValues.Type).ToList() : [];
            foreach (var type in parameters.Append(result))
                DeclareType(builder, type);
            if (overload.TryGetProperty("isInstanceFunction", out var method) && method.GetBoolean())
                builder.AddMethod($"{Signature(parameters[0])}.{name}({string.Join(", ", parameters.Skip(1).Select(Signature))}) -> {Signature(result)}", static (in CelCall call) => CelValue.Null);
            else
                builder.AddFunction($"{name}({string.Join(", ", parameters.Select(Signature))}) -> {Signature(result)}", static (in CelCall call) => CelValue.Null);
        }
    }

    private static void DeclareType(CelEnvironmentBuilder builder, CelType type)
    {
        if (type.Kind == CelTypeKind.Opaque && type.Name != "optional_type")
            builder.AddType(Signature(type), type);
        foreach (var parameter in type.Parameters)
            DeclareType(builder, parameter);
    }

    private static string Signature(CelType type) => type.Kind switch
    {
        CelTypeKind.List => $"list({Signature(type.Parameters[0])})",
        CelTypeKind.Map => $"map({Signature(type.Parameters[0])}, {Signature(type.Parameters[1])})",
        CelTypeKind.Null => "null",
        CelTypeKind.Timestamp => "timestamp",
        CelTypeKind.Duration => "duration",
        CelTypeKind.Opaque when type.Name == "optional_type" => $"optional({Signature(type.Parameters[0])})",
        CelTypeKind.Opaque => "o" + type.ToString().Replace('.', '_').Replace('(', '_').Replace(')', '_').Replace(',', '_').Replace(' ', '_'),
        _ => type.Name,
    };

    private static string? Compare(CelValue found, JsonElement expected)
    {
        CelValue value;
        try
        {
            value = ConformanceValues.Value(expected);
        }
        catch (NotSupportedException unsupported)
        {
            return "expects " + unsupported.Message;
        }

        var same = found.Kind == value.Kind && (found.Kind == CelKind.Double ? found.AsDouble().Equals(value.AsDouble()) : found.Equals(value));
        return same ? null : $"{found.Kind} {found}, expected {value.Kind} {value}";
    }
}
