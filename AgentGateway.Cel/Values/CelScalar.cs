namespace AgentGateway.Cel.Values;

/// <summary>Marks a value whose content stands in <see cref="CelValue.Bits"/> alone. One instance for each kind.</summary>
internal sealed class CelScalar : CelReference
{
    public static readonly CelScalar Null = new(CelKind.Null);
    public static readonly CelScalar Bool = new(CelKind.Bool);
    public static readonly CelScalar Int = new(CelKind.Int);
    public static readonly CelScalar Uint = new(CelKind.Uint);
    public static readonly CelScalar Double = new(CelKind.Double);
    public static readonly CelScalar OptionalNone = new(CelKind.Optional);

    private CelScalar(CelKind kind)
        : base(kind)
    {
    }
}
