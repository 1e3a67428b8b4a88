using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentGateway.Tests.Cel.Conformance;

// Arguments: a file with one test a line, [name, test]. Prints how the code runs, then one outcome a line, in the order of the tests.
Console.WriteLine(RuntimeFeature.IsDynamicCodeCompiled ? "jit" : "aot");
foreach (var line in File.ReadLines(args[0]))
{
    using var document = JsonDocument.Parse(line);
    Console.WriteLine(ConformanceOutcome.Of(new ConformanceCase(document.RootElement[0].GetString()!, default, document.RootElement[1])));
}
