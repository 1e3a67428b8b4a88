using System.Text.Json;
using AgentGateway.Cel;
using Xunit;

namespace AgentGateway.Tests.Cel.Values;

public sealed class JsonValueTests
{
    [Fact]
    public void FromJson_LargeObjectAndArray_FindsEveryMemberAndElement()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 500).Select(static i => $"\"k{i}\":[{i},{{\"v\":{i}}}]")) + "}";
        var value = Expressions.Json(json);

        Assert.Equal(500, value.AsMap().Count);
        Assert.Equal(CelValue.FromInt(499), value.AsMap().Get("k499").AsList()[1].AsMap().Get("v"));
        Assert.True(value.AsMap().Get("k500").IsAbsent);
        var array = Expressions.Json("[" + string.Join(',', Enumerable.Range(0, 500).Select(static i => $"[{i}]")) + "]").AsList();
        Assert.Equal(Enumerable.Range(0, 500).Select(static i => (long)i), Enumerable.Range(0, 500).Select(i => array[i].AsList()[0].AsInt()));
    }

    [Fact]
    public void FromJson_Element_ReadsTheSameAsText()
    {
        const string Json = """{"a":[1,-2,1.5,1e300,"\u00e9\n",null,true,{}],"b":"x"}""";
        using var document = JsonDocument.Parse(Json);

        Assert.Equal("""{"a":[1,-2,1.5,1E+300,"é\n",null,true,{}],"b":"x"}""", CelValue.FromJson(document.RootElement).ToJson());
        Assert.True(CelValue.FromJson(default(JsonElement)).IsAbsent);
        Assert.Equal(CelValue.FromString("x"), CelValue.FromJson(document.RootElement.GetProperty("b")));
    }

    [Theory]
    [InlineData("\"abc\"", "abc")]
    [InlineData("\"\\u0061bc\"", "abc")]
    [InlineData("\"é\"", "é")]
    [InlineData("\"\U0001F600\"", "\U0001F600")]
    [InlineData("\"\"", "")]
    public void Equals_JsonStringAndText_CompareDecoded(string json, string text)
    {
        var value = Expressions.Json(json);

        Assert.Equal(CelValue.FromString(text), value);
        Assert.Equal(value, CelValue.FromString(text));
        Assert.Equal(value.GetHashCode(), CelValue.FromString(text).GetHashCode());
        Assert.NotEqual(CelValue.FromString(text + "x"), value);
        Assert.NotEqual(CelValue.FromString("é" + text), value);
    }

    [Fact]
    public void Iteration_DuplicateNames_ShowsTheLastOnly()
    {
        var names = new List<string>();
        foreach (var (key, value) in Expressions.Json("""{"a":1,"b":2,"a":3}""").AsMap())
            names.Add($"{key}={value}");

        Assert.Equal(["b=2", "a=3"], names);
    }

    [Fact]
    public void ToJson_LoneSurrogateEscape_StaysText() => Assert.Equal(CelKind.String, Expressions.Json("\"\\ud800\"").Kind);

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0, "1.0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    public void ToJson_Double_ReadsBackAsADouble(double number, string json) => Assert.Equal(json, CelValue.FromDouble(number).ToJson());
}
