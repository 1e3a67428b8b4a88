using System.Collections.Immutable;
using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Messages;

/// <summary>One field of a construction: the number of the field and its value.</summary>
internal readonly record struct WellKnownField(int Number, Node Value, bool Optional);

/// <summary><c>google.protobuf.Int32Value{value: x}</c> and its like.</summary>
internal sealed class WellKnownNode(WellKnownType type, ImmutableArray<WellKnownField> fields) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var values = new CelValue[type.FieldCount];
        foreach (var field in fields)
        {
            var value = field.Value.Eval(ref frame);
            if (value.IsError)
                return value;
            if (field.Optional)
            {
                if (value.Kind != CelKind.Optional)
                    return EvalErrors.NotOptional;
                if (!value.TryGetOptional(out value))
                    continue;
            }

            values[field.Number] = value;
        }

        return type.Construct(ref frame, values);
    }
}
