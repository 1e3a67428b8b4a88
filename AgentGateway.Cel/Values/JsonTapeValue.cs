namespace AgentGateway.Cel.Values;

/// <summary>A string, list or map inside JSON; which one is in <see cref="CelValue.Bits"/>. One instance for each kind and text.</summary>
internal sealed class JsonTapeValue(JsonTape tape, CelKind kind) : CelReference(kind)
{
    public JsonTape Tape => tape;
}
