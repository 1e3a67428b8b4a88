using AgentGateway.Cel;
using Xunit;

namespace AgentGateway.Tests.Cel.Messages;

/// <summary>Messages that are values of the language as soon as they are constructed; the conformance suite has the plain cases.</summary>
public sealed class WellKnownTypeTests
{
    [Theory]
    [InlineData("type(google.protobuf.Int32Value{value: 1}) == int && type(google.protobuf.FloatValue{}) == double")]
    [InlineData(".google.protobuf.StringValue{value: 'x'} + 'y' == 'xy'")]
    [InlineData("google.protobuf.FloatValue{value: 0.1} != 0.1 && google.protobuf.DoubleValue{value: 0.1} == 0.1")]
    [InlineData("google.protobuf.Struct{fields: {'a': 1, 'b': [2u, null], 'c': {'d': b'x'}}} == {'a': 1.0, 'b': [2.0, null], 'c': {'d': 'eA=='}}")]
    [InlineData("type(google.protobuf.Struct{fields: {'a': 1}}.a) == double")]
    [InlineData("google.protobuf.ListValue{values: [9007199254740993, 9007199254740991]} == ['9007199254740993', 9007199254740991.0]")]
    [InlineData("google.protobuf.ListValue{values: [duration('1.5s'), timestamp('2024-01-01T00:00:00Z')]} == ['1.5s', '2024-01-01T00:00:00Z']")]
    [InlineData("google.protobuf.Value{} == null && google.protobuf.Value{null_value: google.protobuf.NullValue.NULL_VALUE} == null")]
    [InlineData("google.protobuf.Value{struct_value: {'a': 'b'}}.a == 'b'")]
    [InlineData("google.protobuf.Value{?string_value: optional.none()} == null && google.protobuf.Value{?string_value: optional.of('x')} == 'x'")]
    [InlineData("google.protobuf.Timestamp{seconds: 1, nanos: 5} == timestamp('1970-01-01T00:00:01.000000005Z')")]
    [InlineData("google.protobuf.Duration{seconds: -1, nanos: -500000000} == duration('-1.5s')")]
    [InlineData("google.protobuf.Duration{} == duration('0s')")]
    public void Evaluate_Construction_IsTheValue(string source) => Assert.True(Expressions.EvaluatePlain(source).IsTrue, source + " gave " + Expressions.EvaluatePlain(source));

    [Theory]
    [InlineData("google.protobuf.Int32Value{value: 2147483648}", CelErrorCode.Overflow)]
    [InlineData("google.protobuf.UInt32Value{value: 4294967296u}", CelErrorCode.Overflow)]
    [InlineData("google.protobuf.Int64Value{value: dyn('x')}", CelErrorCode.NoSuchOverload)]
    [InlineData("google.protobuf.Int64Value{value: dyn(null)}", CelErrorCode.NoSuchOverload)]
    [InlineData("google.protobuf.Int64Value{value: 1 / 0}", CelErrorCode.DivideByZero)]
    [InlineData("google.protobuf.Struct{fields: dyn({1: 'a'})}", CelErrorCode.InvalidArgument)]
    [InlineData("google.protobuf.Struct{fields: {'a': type(1)}}", CelErrorCode.NoSuchOverload)]
    [InlineData("google.protobuf.Value{bool_value: true, string_value: 'x'}", CelErrorCode.InvalidArgument)]
    [InlineData("google.protobuf.Timestamp{seconds: 253402300800}", CelErrorCode.Overflow)]
    [InlineData("google.protobuf.Timestamp{nanos: -1}", CelErrorCode.Overflow)]
    [InlineData("google.protobuf.Duration{nanos: 1000000000}", CelErrorCode.Overflow)]
    [InlineData("google.protobuf.Int32Value{wrong: 1}", CelErrorCode.NoSuchKey)]
    [InlineData("google.protobuf.Any{}", CelErrorCode.UndeclaredReference)]
    public void Evaluate_BadField_HasItsError(string source, CelErrorCode code) => Assert.Equal(code, Expressions.EvaluatePlain(source).Error?.Code);

    [Theory]
    [InlineData("google.protobuf.Int32Value{wrong: 1}", "has no field 'wrong'")]
    [InlineData("google.protobuf.Int32Value{value: 'x'}", "expected type of field 'value' is 'int' but found 'string'")]
    [InlineData("my.Message{a: 1}", "there are no message types")]
    public void Compile_StrictBadConstruction_IsAnError(string source, string message)
    {
        var compilation = Expressions.Plain.Compile(source, strict: true);

        Assert.False(compilation.Succeeded);
        Assert.Contains(message, compilation.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_WithoutTheLibrary_KnowsNoMessages()
    {
        var environment = new CelEnvironmentBuilder { Libraries = CelLibraries.All & ~CelLibraries.WellKnownTypes }.Build();

        Assert.False(environment.Compile("google.protobuf.Int32Value{value: 1}", strict: true).Succeeded);
    }

    [Fact]
    public void Evaluate_DeepAndLargeStructs_StayWithinTheBudget()
    {
        var deep = string.Concat(Enumerable.Repeat("cel.bind(a, [a, a], ", 30)) + "google.protobuf.ListValue{values: a}" + new string(')', 30);

        Assert.True(Expressions.EvaluatePlain("cel.bind(a, [1], " + deep + ")").IsError);
    }

    [Fact]
    public void AddConstant_QualifiedName_IsItsValue()
    {
        var environment = new CelEnvironmentBuilder { Container = "my.pkg" }.AddConstant("my.pkg.Color.RED", CelValue.FromInt(3)).Build();

        Assert.True(environment.Compile("Color.RED == 3 && my.pkg.Color.RED + 1 == 4", strict: true).Program!.Evaluate(new TestActivation()).IsTrue);
        Assert.Throws<ArgumentException>(() => new CelEnvironmentBuilder().AddConstant("x", default));
    }
}
