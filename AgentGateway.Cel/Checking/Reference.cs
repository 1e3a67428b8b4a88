namespace AgentGateway.Cel.Checking;

/// <summary>What a name means.</summary>
internal abstract class Reference;

/// <summary>A root variable of the environment.</summary>
internal sealed class VariableReference(CelVariable variable) : Reference
{
    public CelVariable Variable { get; } = variable;
}

/// <summary>A variable of a macro, a parameter of a custom function.</summary>
internal sealed class LocalReference(LocalVariable local) : Reference
{
    public LocalVariable Local { get; } = local;
}

/// <summary>A value known to the environment, such as a type name.</summary>
internal sealed class ConstantReference(CelValue value) : Reference
{
    public CelValue Value { get; } = value;
}

/// <summary>A variable of a macro or a parameter; the compiler gives it a place in the frame.</summary>
internal sealed class LocalVariable(string name, CelType type)
{
    public string Name { get; } = name;

    public CelType Type { get; set; } = type;

    public int Slot { get; set; } = -1;

    /// <summary>The member path this variable stands for, when it was bound to one, so that reads through it are seen.</summary>
    public object? Path { get; set; }

    /// <summary>Whether the expression under the binding uses that path.</summary>
    public bool IsRead { get; set; }
}
