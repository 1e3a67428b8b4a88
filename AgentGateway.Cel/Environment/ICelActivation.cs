namespace AgentGateway.Cel;

/// <summary>
/// The values of one evaluation: the root variables, by slot, and the source of randomness. Called on the evaluating thread only;
/// must not throw and must not block.
/// </summary>
public interface ICelActivation
{
    /// <summary>The value of a root variable: absent (<c>default</c>) when it does not exist here, <see cref="CelValue.Null"/> when it exists without a value.</summary>
    /// <param name="slot">The slot the variable was declared with.</param>
    CelValue GetVariable(int slot);

    /// <summary>Where <c>random()</c> and <c>uuid()</c> draw from.</summary>
    Random Random => Random.Shared;
}
