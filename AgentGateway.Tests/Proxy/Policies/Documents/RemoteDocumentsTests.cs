using AgentGateway.Proxy.Policies.Documents;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Documents;

public sealed class RemoteDocumentsTests
{
    [Fact]
    public void Get_SameAddress_SharesADocumentUnlessItIsReadInAnotherWay()
    {
        using var documents = new RemoteDocuments(TimeProvider.System, NullLoggerFactory.Instance);
        var address = new Uri("http://issuer.test/discovery");

        // The issuer of a configuration changed, the address of its discovery document did not: what the first accepts is wrong for the second.
        var first = documents.Get(address, static _ => "first", variant: "issuer one");
        var second = documents.Get(address, static _ => "second", variant: "issuer two");

        Assert.NotSame(first, second);
        Assert.Same(first, documents.Get(address, static _ => "first", variant: "issuer one"));
        GC.KeepAlive(second);
    }
}
