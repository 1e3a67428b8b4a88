namespace AgentGateway.Cel.Values;

/// <summary>Map keys: int, uint, bool and string; numbers match across types. Anything else equals nothing.</summary>
internal sealed class CelKeyComparer : IEqualityComparer<CelValue>
{
    public static readonly CelKeyComparer Instance = new();

    public static bool IsKey(CelKind kind) => kind is CelKind.Int or CelKind.Uint or CelKind.Bool or CelKind.String;

    public bool Equals(CelValue x, CelValue y)
    {
        switch (x.Kind)
        {
            case CelKind.String:
                return y.Kind == CelKind.String && CelEquality.StringsEqual(x, y);
            case CelKind.Bool:
                return y.Kind == CelKind.Bool && x.Bits == y.Bits;
            case CelKind.Int:
            case CelKind.Uint:
            case CelKind.Double:
                return CelEquality.NumbersEqual(x, y);
            default:
                return false;
        }
    }

    public int GetHashCode(CelValue obj) => CelEquality.Hash(obj);
}
