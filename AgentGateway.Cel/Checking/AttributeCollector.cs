using System.Collections.Immutable;
using System.Numerics;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Checking;

/// <summary>Finds which variables and members a checked expression reads.</summary>
internal sealed class AttributeCollector
{
    private readonly CelEnvironment _environment;
    private readonly ulong[] _members = new ulong[CelAttributes.MaxSlot + 1];
    private readonly ImmutableSortedSet<string>.Builder _paths = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
    private ulong _roots;
    private bool _everything;

    private AttributeCollector(CelEnvironment environment) => _environment = environment;

    public static CelAttributes Collect(Expr expr, CelEnvironment environment)
    {
        var collector = new AttributeCollector(environment);
        collector.Visit(expr);
        if (collector._roots == 0 && !collector._everything)
            return CelAttributes.None;
        var slots = 64 - BitOperations.LeadingZeroCount(collector._roots);
        return new CelAttributes(collector._roots, collector._members[..slots], collector._everything, collector._paths.ToImmutable());
    }

    private void Visit(Expr expr)
    {
        if (FindPath(expr) is { } path)
        {
            Add(path);
            return;
        }

        switch (expr)
        {
            case SelectExpr select:
                Visit(select.Operand);
                break;
            case CallExpr call:
                VisitCall(call);
                break;
            case ListExpr list:
                VisitAll(list.Elements);
                break;
            case MapExpr map:
                foreach (var entry in map.Entries)
                {
                    Visit(entry.Key);
                    Visit(entry.Value);
                }

                break;
            case StructExpr message:
                foreach (var field in message.Fields)
                    Visit(field.Value);
                break;
            case ComprehensionExpr loop:
                Visit(loop.Range);
                if (loop.Filter is not null)
                    Visit(loop.Filter);
                Visit(loop.Body);
                break;
            case BindExpr bind:
                VisitBind(bind);
                break;
            case BlockExpr block:
                VisitAll(block.Slots);
                Visit(block.Body);
                break;
        }
    }

    private void VisitBind(BindExpr bind)
    {
        if (FindPath(bind.Init) is not { } bound || bind.Local is null)
        {
            Visit(bind.Init);
            Visit(bind.Body);
            return;
        }

        // Reads through the variable are reads of the path; the variable alone reads only that it is there. Of an optional member that is all of it.
        bind.Local.Path = bound;
        Touch(bound);
        Visit(bind.Body);

        // What is bound is evaluated, used or not: without the member there, the whole would be an error.
        if (bind.Bind is BindKind.OptMap or BindKind.OptFlatMap || (!bind.Local.IsRead && bound.Member != Path.None))
            Add(bound);
    }

    private void VisitCall(CallExpr call)
    {
        if (call.Function is Operators.Equal or Operators.NotEqual)
        {
            // x == null asks only whether x is there.
            for (var i = 0; i < 2; i++)
            {
                if (call.Args[1 - i] is ConstExpr { Value.IsNull: true } && FindPath(call.Args[i]) is { Member: Path.None } path)
                {
                    Touch(path);
                    return;
                }
            }
        }

        var name = call.QualifiedName ?? call.Function;
        if (name == "variables" && call.Target is null && call.Args.Length == 0)
        {
            _everything = true;
            _paths.Add("*");
            return;
        }

        if (_environment.Custom.TryGetValue(name, out var custom))
            Merge(custom.Attributes);
        if (call.Target is not null && call.QualifiedName is null)
            Visit(call.Target);
        VisitAll(call.Args);
    }

    private void VisitAll(Expr[] items)
    {
        foreach (var item in items)
            Visit(item);
    }

    private void Merge(CelAttributes attributes)
    {
        _everything |= attributes.ReadsEverything;
        _paths.UnionWith(attributes.Paths);
        for (var slot = 0; slot <= CelAttributes.MaxSlot; slot++)
        {
            if (!attributes.Reads(slot) || attributes.ReadsEverything)
                continue;
            _roots |= CelAttributes.Bit(slot);
            for (var member = 0; member < CelObjectType.MaxMembers; member++)
            {
                if (attributes.Reads(slot, member))
                    _members[slot] |= CelAttributes.Bit(member);
            }
        }
    }

    private void Touch(Path path) => _roots |= CelAttributes.Bit(path.Variable.Slot);

    private void Add(Path path)
    {
        Touch(path);
        _members[path.Variable.Slot] |= path.Member >= 0 ? CelAttributes.Bit(path.Member) : ulong.MaxValue;
        _paths.Add(path.Text);
    }

    /// <summary>The member path an expression reads; null when it is none. Visits what chooses members at run time.</summary>
    private Path? FindPath(Expr expr)
    {
        switch (expr)
        {
            case { Reference: VariableReference variable }:
                return new Path(variable.Variable, Path.None, variable.Variable.Name, variable.Variable.Type.ObjectType);
            case { Reference: LocalReference { Local: { Path: Path path } local } }:
                local.IsRead = true;
                return path;
            case { Reference: not null }:
                return null;
            case SelectExpr select:
                return FindPath(select.Operand)?.Then(select.Field);
            case CallExpr { Function: Operators.Index or Operators.OptionalIndex } index when FindPath(index.Args[0]) is { } operand:
                if (index.Args[1] is ConstExpr { Value.Kind: CelKind.String } literal)
                    return operand.Then(literal.Value.AsString());
                Visit(index.Args[1]);
                return operand.ThenAny();
            default:
                return null;
        }
    }

    /// <summary>A variable and the members below it, as far as they are known.</summary>
    private sealed record Path(CelVariable Variable, int Member, string Text, CelObjectType? Type, bool Ended = false)
    {
        public const int None = -1;
        private const int Unknown = -2;

        public Path Then(string name)
        {
            if (Ended)
                return this;
            CelMember? member = null;
            Type?.TryFind(name, out member);
            return new Path(Variable, Member == None ? member?.Id ?? Unknown : Member, Text + "." + (member?.Name ?? name), member?.Type.ObjectType);
        }

        /// <summary>An element or entry chosen at run time: the path is known up to here.</summary>
        public Path ThenAny() => this with { Member = Member == None ? Unknown : Member, Type = null, Ended = true };
    }
}
