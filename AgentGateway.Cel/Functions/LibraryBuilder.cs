namespace AgentGateway.Cel.Functions;

/// <summary>Takes the declarations of the library parts.</summary>
internal sealed class LibraryBuilder(IReadOnlyDictionary<string, CelType> types, Dictionary<string, CelFunction> functions)
{
    public void Function(string signature, CelFunctionBody body, string description = "", bool isVolatile = false) => Add(signature, false, body, description, isVolatile);

    public void Method(string signature, CelFunctionBody body, string description = "", bool isVolatile = false) => Add(signature, true, body, description, isVolatile);

    public void Add(string signature, bool isMethod, CelFunctionBody body, string description, bool isVolatile)
    {
        var overload = SignatureReader.Read(signature, isMethod, types, body, isVolatile, description);
        if (!functions.TryGetValue(overload.Name, out var function))
            functions.Add(overload.Name, function = new CelFunction(overload.Name));
        function.Add(overload);
    }
}
