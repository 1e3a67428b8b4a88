namespace AgentGateway.Cel.Functions;

internal static class StandardLibraries
{
    public static void Register(LibraryBuilder library, CelLibraries parts, CelLeniency leniency)
    {
        bool Has(CelLibraries part) => (parts & part) != 0;
        OperatorDeclarations.Register(library, leniency, Has(CelLibraries.Optionals));
        StandardLibrary.Register(library);
        ConversionLibrary.Register(library);
        TimeLibrary.Register(library);
        if (Has(CelLibraries.Strings))
            StringLibrary.Register(library, leniency);
        if (Has(CelLibraries.Math))
            MathLibrary.Register(library);
        if (Has(CelLibraries.Lists))
            ListLibrary.Register(library);
        if (Has(CelLibraries.Sets))
            SetLibrary.Register(library);
        if (Has(CelLibraries.Encoders))
            EncoderLibrary.Register(library);
        if (Has(CelLibraries.Regex))
            RegexLibrary.Register(library);
        if (Has(CelLibraries.Network))
            NetworkLibrary.Register(library);
        if (Has(CelLibraries.Optionals))
            OptionalLibrary.Register(library);
        if (Has(CelLibraries.Gateway))
            GatewayLibrary.Register(library);
    }
}
