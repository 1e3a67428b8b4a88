using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Messages;

/// <summary>Makes the value of a message from its fields, in the order of their declaration; a field that was not set is absent.</summary>
internal delegate CelValue WellKnownConstructor(ref EvalFrame frame, ReadOnlySpan<CelValue> fields);

/// <summary>
/// A message type of protobuf's own library that is a value of the language as soon as it is constructed: <c>google.protobuf.Int32Value{value: 1}</c> is an int.
/// So no messages are needed for it.
/// </summary>
internal sealed class WellKnownType(string name, CelType type, WellKnownConstructor construct, params (string Name, CelType Type)[] fields)
{
    /// <summary>The qualified name.</summary>
    public string Name => name;

    /// <summary>The type the checker gives to the constructed value.</summary>
    public CelType Type => type;

    /// <summary>Number of fields.</summary>
    public int FieldCount => fields.Length;

    /// <summary>See <see cref="WellKnownConstructor"/>.</summary>
    public WellKnownConstructor Construct => construct;

    /// <summary>The number of a field; -1 when there is none of that name.</summary>
    public int Find(string field)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Name == field)
                return i;
        }

        return -1;
    }

    /// <summary>The type of a field.</summary>
    public CelType FieldType(int field) => fields[field].Type;
}
