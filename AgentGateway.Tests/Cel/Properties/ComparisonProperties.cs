using AgentGateway.Cel;
using AgentGateway.Cel.Values;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Cel.Properties;

public sealed class ComparisonProperties
{
    private static readonly Gen<CelValue> Number = Gen.OneOf(
        Gen.Long.Select(CelValue.FromInt),
        Gen.ULong.Select(CelValue.FromUint),
        Gen.Int[-5, 5].Select(static n => CelValue.FromInt(n)),
        Gen.Int[0, 5].Select(static n => CelValue.FromUint((ulong)n)),
        Gen.Double.Select(CelValue.FromDouble),
        Gen.OneOf(0.0, -0.0, 1.0, 2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 9223372036854775807.0, 18446744073709551615.0).Select(CelValue.FromDouble));

    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.OneOf("", "a", "\uE000", "\U0001F600", "a\U0001F600", "\uFFFF", "é"));

    private static readonly Gen<CelValue> Scalar = Gen.OneOf(
        Number,
        Text.Select(static t => CelValue.FromString(t)),
        Gen.Bool.Select(CelValue.FromBool),
        Gen.Byte.Array.Select(static b => CelValue.FromBytes(b)),
        Gen.OneOf(CelValue.Null, CelValue.OptionalNone, CelValue.FromType(CelType.Int)),
        Gen.Long[-1_000_000, 1_000_000].Select(static n => CelValue.FromDuration(new TimeSpan(n))));

    private static readonly Gen<CelValue> Any = Gen.OneOf(
        Scalar,
        Scalar.Array[0, 3].Select(static items => CelValue.FromList(items)),
        Scalar.Array[0, 3].Select(static items => CelValue.FromEntries(items.Select(static (v, i) => KeyValuePair.Create(CelValue.FromInt(i), v)))));

    [Fact]
    public void Equals_AnyTwoValues_IsSymmetric() => Gen.Select(Any, Any).Sample(static (a, b) => a.Equals(b) == b.Equals(a), iter: 20_000);

    [Fact]
    public void Equals_EqualValues_HaveEqualHashes() => Gen.Select(Any, Any).Sample(static (a, b) => !a.Equals(b) || a.GetHashCode() == b.GetHashCode(), iter: 20_000);

    [Fact]
    public void Equals_ValueWithoutNaN_EqualsItself() => Any.Where(static v => !v.ToJson().Contains("NaN", StringComparison.Ordinal)).Sample(static v => v.Equals(v), iter: 5000);

    [Fact]
    public void Compare_AnyTwoNumbers_IsAntisymmetricAndAgreesWithEquality() =>
        Gen.Select(Number, Number).Sample(
            static (a, b) =>
            {
                var order = CelEquality.Compare(a, b);
                var reverse = CelEquality.Compare(b, a);
                Assert.Equal(order == CelEquality.Unordered, reverse == CelEquality.Unordered);
                if (order == CelEquality.Unordered)
                    return;
                Assert.Equal(Math.Sign(order), -Math.Sign(reverse));
                Assert.Equal(order == 0, a.Equals(b));
            },
            iter: 20_000);

    [Fact]
    public void Compare_AnyTwoTexts_IsTheOrderOfTheirCodePoints() =>
        Gen.Select(Text.Where(Valid), Text.Where(Valid)).Sample(
            static (a, b) =>
            {
                var expected = a.EnumerateRunes().Select(static r => r.Value).Zip(b.EnumerateRunes().Select(static r => r.Value), static (x, y) => x.CompareTo(y)).FirstOrDefault(static c => c != 0);
                if (expected == 0)
                    expected = a.EnumerateRunes().Count().CompareTo(b.EnumerateRunes().Count());
                Assert.Equal(Math.Sign(expected), Math.Sign(CelEquality.Compare(CelValue.FromString(a), CelValue.FromString(b))));
            },
            iter: 20_000);

    [Fact]
    public void Operators_OverAnyTwoValues_AgreeWithEachOther() =>
        Gen.Select(Scalar, Scalar).Sample(
            static (a, b) =>
            {
                var activation = new TestActivation { Values = { [0] = a, [1] = b } };
                bool? Ask(CelProgram program) => program.Evaluate(activation) is { Kind: CelKind.Bool } answer ? answer.IsTrue : null;
                var less = Ask(Less);
                Assert.Equal(less, Ask(Greater));
                Assert.Equal(less is null ? null : less.Value || Ask(Equal)!.Value, Ask(LessEqual));
                Assert.NotEqual(Ask(Equal), Ask(NotEqual));
            },
            iter: 5000);

    private static readonly CelEnvironment Environment = new CelEnvironmentBuilder().AddVariable("a", 0, CelType.Dyn).AddVariable("b", 1, CelType.Dyn).Build();
    private static readonly CelProgram Less = Environment.Compile("a < b").Program!;
    private static readonly CelProgram Greater = Environment.Compile("b > a").Program!;
    private static readonly CelProgram LessEqual = Environment.Compile("a <= b").Program!;
    private static readonly CelProgram Equal = Environment.Compile("a == b").Program!;
    private static readonly CelProgram NotEqual = Environment.Compile("a != b").Program!;

    private static bool Valid(string text) => text.EnumerateRunes().All(static r => r != System.Text.Rune.ReplacementChar);
}
