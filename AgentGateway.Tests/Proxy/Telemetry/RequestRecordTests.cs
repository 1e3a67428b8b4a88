using System.Reflection;
using AgentGateway.Proxy.Telemetry;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry;

public sealed class RequestRecordTests
{
    // What belongs to the connection, or is only capacity.
    private static readonly HashSet<string> Kept = ["_outboundLock", "_outbound", "_peer", "_peerPort", "_peerText"];

    [Fact]
    public void Reset_EveryField_HasItsFirstValueAgain()
    {
        var fresh = new RequestRecord();
        var used = new RequestRecord();
        var fields = typeof(RequestRecord).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => !Kept.Contains(field.Name)).ToList();
        foreach (var field in fields)
        {
            field.SetValue(used, Other(field.FieldType));
        }

        used.Reset();

        Assert.All(fields, field => Assert.True(Equals(field.GetValue(fresh), field.GetValue(used)), $"{field.Name} keeps a value of an earlier request"));
        Assert.NotEmpty(fields);
    }

    private static object? Other(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => "other",
            _ when type == typeof(bool) => true,
            _ when type == typeof(string[]) => new[] { "other" },
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>([1]),
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(1),
            _ when type.IsPrimitive => Convert.ChangeType(7, type, System.Globalization.CultureInfo.InvariantCulture),
            _ => System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type),
        };
    }
}
