using AgentGateway.Cel;
using Xunit;

namespace AgentGateway.Tests.Cel.Values;

public sealed class CelValueTests
{
    [Fact]
    public void Size_OfTheStruct_IsTwoWords() => Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<CelValue>());

    [Fact]
    public void Accessors_OfAnotherKind_Throw()
    {
        Assert.Throws<InvalidOperationException>(() => CelValue.FromInt(1).AsString());
        Assert.Throws<InvalidOperationException>(() => CelValue.FromString("x").AsInt());
        Assert.Throws<InvalidOperationException>(() => default(CelValue).AsList());
    }

    [Fact]
    public void From_Host_KeepsTheValue()
    {
        var time = new DateTimeOffset(2024, 2, 29, 23, 59, 59, 123, TimeSpan.FromHours(2));

        Assert.Equal(time.ToUniversalTime(), CelValue.FromTimestamp(time).AsTimestamp());
        Assert.Equal("2024-02-29T21:59:59.123Z", CelValue.FromTimestamp(time).ToText());
        Assert.Equal(TimeSpan.FromMilliseconds(-1500), CelValue.FromDuration(TimeSpan.FromMilliseconds(-1500)).AsDuration());
        Assert.Equal("-1.5s", CelValue.FromDuration(TimeSpan.FromMilliseconds(-1500)).ToText());
        Assert.Equal("AQI=", CelValue.FromBytes(new byte[] { 0, 1, 2, 3 }.AsMemory(1, 2)).ToText());
        Assert.True(CelValue.FromString(null).IsAbsent);
        Assert.True(CelValue.FromSecret(null).IsAbsent);
        Assert.Equal(CelRedacted.Mask, CelValue.FromSecret("s").ToString());
    }

    [Fact]
    public void Object_DeclaredMembers_AreFoundByNumberNameAndSpelling()
    {
        var type = new CelObjectTypeBuilder("thing").Member(0, "firstName", CelType.String).Member(1, "absent", CelType.String).Open().AcceptBothSpellings().Build();
        var thing = CelValue.FromMap(new Thing(type));
        var environment = new CelEnvironmentBuilder().AddVariable("thing", 0, type.Type).Build();
        var activation = new TestActivation { Values = { [0] = thing } };

        foreach (var source in (string[])["thing.firstName", "thing.first_name", "thing['firstName']", "thing['first' + '_name']", "thing.?firstName.value()", "thing.extra", "[thing][0].firstName"])
            Assert.Equal(CelValue.FromString("x"), environment.Compile(source).Program!.Evaluate(activation));
        Assert.Equal("""{"firstName":"x","extra":"x"}""", thing.ToJson());
        Assert.Equal(CelValue.FromInt(2), environment.Compile("size(thing)").Program!.Evaluate(activation));
        Assert.Equal(CelErrorCode.NoSuchKey, environment.Compile("thing.absent").Program!.Evaluate(activation).Error!.Code);
        Assert.True(environment.Compile("has(thing.firstName) && !has(thing.absent) && !has(thing.other)").Program!.Evaluate(activation).IsTrue);
        Assert.True(environment.Compile("thing == {'firstName': 'x', 'extra': 'x'}").Program!.Evaluate(activation).IsTrue);
    }

    [Fact]
    public void Build_MemberNumbersWithAGap_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => new CelObjectTypeBuilder("t").Member(1, "a", CelType.Int).Build());
        Assert.Throws<ArgumentException>(() => new CelObjectTypeBuilder("t").Member(0, "a", CelType.Int).Member(0, "b", CelType.Int));
        Assert.Throws<FormatException>(() => new CelEnvironmentBuilder().AddFunction("f(nothing) -> int", static (in CelCall call) => CelValue.Null).Build());
    }

    private sealed class Thing(CelObjectType type) : CelObject
    {
        public override CelObjectType Type => type;

        public override CelValue GetMember(int member) => member == 0 ? CelValue.FromString("x") : default;

        public override CelValue GetDynamicMember(CelName name) => name.Text == "extra" ? CelValue.FromString("x") : default;

        public override bool MoveNextDynamic(ref int cursor, out CelValue key, out CelValue value)
        {
            (key, value) = (CelValue.FromString("extra"), CelValue.FromString("x"));
            return cursor++ == 0;
        }
    }
}
