using System.Collections.Immutable;

namespace AgentGateway.Cel;

/// <summary>One signature of a function.</summary>
public sealed class CelOverload
{
    private readonly uint[] _kinds;

    internal CelOverload(string name, bool isMethod, ImmutableArray<CelType> parameters, bool isVariadic, CelType result, CelFunctionBody body, bool isVolatile, string signature, string description)
    {
        Name = name;
        IsMethod = isMethod;
        Parameters = parameters;
        IsVariadic = isVariadic;
        Result = result;
        Body = body;
        IsVolatile = isVolatile;
        Signature = signature;
        Description = description;
        _kinds = [.. parameters.Select(Mask)];
    }

    /// <summary>The name of the function, with its namespace (<c>math.least</c>).</summary>
    public string Name { get; }

    /// <summary>True when it is called on a receiver, which is the first parameter.</summary>
    public bool IsMethod { get; }

    /// <summary>The types of the parameters.</summary>
    public ImmutableArray<CelType> Parameters { get; }

    /// <summary>True when the last parameter may be repeated, or left out.</summary>
    public bool IsVariadic { get; }

    /// <summary>The type of the result.</summary>
    public CelType Result { get; }

    /// <summary>True when equal arguments need not give equal results.</summary>
    public bool IsVolatile { get; }

    /// <summary>The signature as declared.</summary>
    public string Signature { get; }

    /// <summary>One sentence for the documentation.</summary>
    public string Description { get; }

    internal CelFunctionBody Body { get; }

    internal bool IsFallback => Result.Kind == CelTypeKind.Dyn && Parameters.Any(static p => p.Kind == CelTypeKind.Dyn);

    internal bool AcceptsCount(int count) => IsVariadic ? count >= Parameters.Length - 1 : count == Parameters.Length;

    internal CelType ParameterAt(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];

    /// <summary>Whether the values have kinds the signature takes.</summary>
    internal bool Accepts(ReadOnlySpan<CelValue> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var at = Math.Min(i, _kinds.Length - 1);
            if ((_kinds[at] & (1u << (int)args[i].Kind)) == 0)
                return false;
            if (args[i].Kind == CelKind.Opaque && Parameters[at].Kind == CelTypeKind.Opaque && args[i].AsOpaque().Type.Name != Parameters[at].Name)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Signature;

    private static uint Mask(CelType type)
    {
        static uint Bit(CelKind kind) => 1u << (int)kind;
        return type.Kind switch
        {
            CelTypeKind.Null => Bit(CelKind.Null),
            CelTypeKind.Bool => Bit(CelKind.Bool),
            CelTypeKind.Int => Bit(CelKind.Int),
            CelTypeKind.Uint => Bit(CelKind.Uint),
            CelTypeKind.Double => Bit(CelKind.Double),
            CelTypeKind.String => Bit(CelKind.String),
            CelTypeKind.Bytes => Bit(CelKind.Bytes),
            CelTypeKind.List => Bit(CelKind.List),
            CelTypeKind.Map or CelTypeKind.Object => Bit(CelKind.Map),
            CelTypeKind.Timestamp => Bit(CelKind.Timestamp),
            CelTypeKind.Duration => Bit(CelKind.Duration),
            CelTypeKind.Type => Bit(CelKind.Type),
            CelTypeKind.Wrapper => Bit(CelKind.Null) | Mask(type.Parameters[0]),
            CelTypeKind.Opaque => type.Name == "optional_type" ? Bit(CelKind.Optional) : Bit(CelKind.Opaque),
            _ => ~(Bit(CelKind.Error) | Bit(CelKind.Flattened) | Bit(CelKind.Absent)),
        };
    }
}
