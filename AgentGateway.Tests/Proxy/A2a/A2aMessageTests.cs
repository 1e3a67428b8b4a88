using System.Text;
using AgentGateway.Proxy.A2a;
using AgentGateway.Proxy.Telemetry;
using Xunit;

namespace AgentGateway.Tests.Proxy.A2a;

public sealed class A2aMessageTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"message/send","params":{}}""", true, "message/send")]
    [InlineData("""{"params":{"a":[1,2]},"method":"tasks/get"}""", true, "tasks/get")]
    [InlineData("""{"jsonrpc":"2.0","method":"message/stream","params":{"text":"cut of""", false, "message/stream")]
    [InlineData("""{"params":{"text":"cut of""", false, null)]
    [InlineData("""{"params":{"method":"inner"}}""", true, null)]
    [InlineData("""{"method":5}""", true, null)]
    [InlineData("""[{"method":"batch"}]""", true, null)]
    [InlineData("no json", true, null)]
    [InlineData("", true, null)]
    public void Method_Body_IsFoundAtTheTop(string body, bool isWhole, string? expected) =>
        Assert.Equal(expected, A2aMessage.Method(Encoding.UTF8.GetBytes(body), isWhole));

    [Theory]
    [InlineData("""{"result":{"kind":"task","contextId":"c","status":{"state":"working"}}}""", "success", null, "task", "working", "c")]
    [InlineData("""{"result":{"task":{"contextId":"c","status":{"state":"TASK_STATE_WORKING"}}}}""", "success", null, "task", "TASK_STATE_WORKING", "c")]
    [InlineData("""{"result":{"message":{"contextId":"c"}}}""", "success", null, "message", null, "c")]
    [InlineData("""{"error":{"code":-32001,"message":"x"}}""", "error", -32001, null, null, null)]
    [InlineData("""{"result":5}""", "success", null, null, null, null)]
    [InlineData("<html>", null, null, null, null, null)]
    public void Describe_Answer_IsTold(string body, string? outcome, int? code, string? kind, string? state, string? contextId)
    {
        var record = new RequestRecord();

        A2aMessage.Describe(Encoding.UTF8.GetBytes(body), record);

        Assert.Equal((outcome, code, kind, state, contextId), (record.A2aOutcome, record.A2aErrorCode, record.A2aResultKind, record.A2aTaskState, record.A2aContextId));
    }
}
