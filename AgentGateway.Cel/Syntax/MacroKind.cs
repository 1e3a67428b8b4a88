namespace AgentGateway.Cel.Syntax;

internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformList,
    TransformMap,
    TransformMapEntry,
    SortBy,
    MapValues,
    FilterKeys,
}

internal enum BindKind
{
    CelBind,
    With,
    OptMap,
    OptFlatMap,
}
