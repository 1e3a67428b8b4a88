using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Functions;

public sealed class GatewayFunctionTests
{
    [Theory]
    [InlineData("json('{\"a\": [1, 2.5, \"x\", null, true]}').a == [1, 2.5, 'x', null, true]")]
    [InlineData("json(b'{\"a\": 1}').a + 1 == 2")]
    [InlineData("type(json('1')) == int && type(json('1.0')) == double && json('18446744073709551615') == 18446744073709551615u")]
    [InlineData("json('{\"a\": 1, \"a\": 2}').a == 2 && size(json('{\"a\": 1, \"a\": 2}')) == 1")]
    [InlineData("json('{\"a\": 1, \"a\": 2}') == {'a': 2}")]
    [InlineData("json('{\"\\\\u0061b\": 1}').ab == 1")]
    [InlineData("json('\"\\\\ud83d\\\\ude00\"') == '\\U0001F600' && size(json('\"\\\\ud83d\\\\ude00\"')) == 1")]
    [InlineData("jsonField('{\"x\": {\"k\": 1}, \"k\": 2}', 'k') == 2")]
    [InlineData("toJson({'a': [1, 2u, 1.5, 2.0, 'x\"', b'a', null, true], 'b': duration('90s')}) == '{\"a\":[1,2,1.5,2.0,\"x\\\\\"\",\"YQ==\",null,true],\"b\":\"90s\"}'")]
    [InlineData("to_json([timestamp('2024-01-02T03:04:05.120Z')]) == '[\"2024-01-02T03:04:05.12Z\"]'")]
    [InlineData("toJson({1: 'a', true: 'b'}) == '{\"1\":\"a\",\"true\":\"b\"}'")]
    [InlineData("json(toJson({'a': {'b': [1, 'c']}})) == {'a': {'b': [1, 'c']}}")]
    [InlineData("unvalidatedJwtPayload('h.eyJzdWIiOiJtZSJ9.s').sub == 'me'")]
    [InlineData("[1, 2].with(v, v + v) == [1, 2, 1, 2]")]
    [InlineData("{'a': 1}.mapValues(v, v + 1) == {'a': 2} && {'a': 1}.map_values(v, v * 5) == {'a': 5}")]
    [InlineData("{'a': 1, 'b': 2}.filterKeys(k, k == 'a') == {'a': 1}")]
    [InlineData("{'a': 2, 'k': 'v'}.merge({'a': 3}) == {'a': 3, 'k': 'v'}")]
    [InlineData("random() >= 0.0 && random() <= 1.0 && random() != random()")]
    [InlineData("uuid().matches('^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$') && uuid() != uuid()")]
    [InlineData("default(nobody, 1) == 1 && default({}.a, 2) == 2 && default(null, 3) == 3 && default('x', 4) == 'x'")]
    [InlineData("default(json('{\"model\": \"m\"}').model.name, 'none') == 'none'")]
    [InlineData("default(flatten([1]), 0) == 1 || true")]
    [InlineData("coalesce(nobody, null, 1 / 0, 'x', fail('no')) == 'x'")]
    [InlineData("coalesce(nobody, null, 1 / 0) == null")]
    [InlineData("'/id/1234/data'.regexReplace('/id/[0-9]*/', '/id/{id}/') == '/id/{id}/data'")]
    [InlineData("'aaa'.regexReplace('a', 'b') == 'baa'")]
    [InlineData("'john smith'.regexReplace('(?P<first>\\\\w+) (\\\\w+)', '$2 ${first}$$') == 'smith john$'")]
    [InlineData("base64.encode('hello') == 'aGVsbG8=' && base64Encode(b'hello') == 'aGVsbG8=' && base64_encode('') == ''")]
    [InlineData("base64.decode('aGVsbG8') == b'hello' && base64Decode('aGVsbG8=') == b'hello' && base64_decode('aGVsbG8=') == b'hello'")]
    [InlineData("url.encode('a b+c/\u00e9~') == 'a%20b%2Bc%2F%C3%A9~' && url.decode('a%20b+c%C3%A9') == 'a b+c\u00e9' && url.decode('100%') == '100%'")]
    [InlineData("form.encode({'b': 'x y', 'a': '1&2', 'c': null}) == 'a=1%262&b=x+y'")]
    [InlineData("form.decode('a=1&b=x+y&a=2&c') == {'a': ['1', '2'], 'b': 'x y', 'c': ''}")]
    [InlineData("form.encode({'a': ['1', '2 3'], 'b': [], 'c': 'x'}) == 'a=1&a=2+3&c=x' && form.encode(form.decode('z=1&a=2&z=3')) == 'a=2&z=1&z=3'")]
    [InlineData("form.decode(b'a=%C3%A9&b=\\xc3\\xa9') == {'a': '\u00e9', 'b': '\u00e9'} && url.encode(b'\\xff a') == '%FF%20a'")]
    [InlineData("base64.decode(b'aGVsbG8=') == b'hello' && base64Decode(b'aGVsbG8') == b'hello'")]
    [InlineData("sha1.encode('abc') == 'a9993e364706816aba3e25717850c26c9cd0d89d'")]
    [InlineData("sha256.encode(b'abc') == 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'")]
    [InlineData("md5.encode('abc') == '900150983cd24fb0d6963f7d28e17f72'")]
    [InlineData("max(1, 3u, 2.5) == 3 && min([3, 1, 2]) == 1 && max([]) == null && min() == null")]
    [InlineData("[1, 2].contains(2.0) && {'a': 1}.contains('a') && b'abc'.contains(b'bc') && 'abc'.contains('bc')")]
    [InlineData("'prefix-x'.stripPrefix('prefix-') == 'x' && 'x.txt'.stripSuffix('.txt') == 'x' && 'x'.stripPrefix('y') == 'x'")]
    [InlineData("size('\u00e9\U0001F600') == 2 && size(bytes('\u00e9')) == 2")]
    [InlineData("'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'a,b'.split(',', 0) == [] && 'abc'.split('') == ['a', 'b', 'c']")]
    [InlineData("math.bitAnd(b'\\x0f', b'\\x3c') == b'\\x0c' && math.bitNot(b'\\x00') == b'\\xff'")]
    [InlineData("math.bitAnd(b'\\x00\\x03', b'\\x01') == b'\\x00\\x01' && math.bitOr(b'\\x01', b'\\x80\\x00') == b'\\x80\\x01' && math.bitXor(b'', b'\\x07') == b'\\x07'")]
    [InlineData("math.bitAnd(4, b'\\x05') == 4 && math.bitOr(b'\\x01\\x00', 2u) == 258u && type(math.bitXor(1u, b'')) == uint")]
    [InlineData("math.bitAnd(4, b'\\xff\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x05') == 4 && math.bitOr(b'\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff', 0u) == 18446744073709551615u")]
    [InlineData("string(jwt.rawToken) == '<redacted>' && jwt.rawToken.unredacted() == 'secret'")]
    [InlineData("toJson([jwt.rawToken]) == '[\"<redacted>\"]'")]
    [InlineData("jwt.rawToken != 'secret' && jwt.rawToken == jwt.rawToken")]
    [InlineData("timestamp(1700000000).getFullYear() == 2023")]
    [InlineData("timestamp('2024-03-10T12:00:00Z').getHours('America/New_York') == 8 && timestamp('2024-03-10T12:00:00Z').getHours('-08:00') == 4")]
    [InlineData("[3, 1, 2].sort() == [1, 2, 3] && ['b', 'a'].sortBy(x, x) == ['a', 'b'] && [1, 2, 3].slice(1, 3).reverse() == [3, 2]")]
    [InlineData("regex.replace('banana', 'a', 'x', 2) == 'bxnxna' && regex.extract('item-A', 'item-(\\\\w+)').value() == 'A'")]
    [InlineData("regex.extractAll('id:1, id:2', 'id:(\\\\d)') == ['1', '2']")]
    public void Evaluate_Function_GivesItsValue(string source)
    {
        var activation = Activation();

        Assert.True(Expressions.Evaluate(source, activation).IsTrue, source + " gave " + Expressions.Evaluate(source, activation));
    }

    [Theory]
    [InlineData("json('{')", CelErrorCode.InvalidArgument)]
    [InlineData("json('1e400')", CelErrorCode.Overflow)]
    [InlineData("json('{\"a\": -1e400}').a", CelErrorCode.Overflow)]
    [InlineData("toJson(json('{\"a\": [1e400]}'))", CelErrorCode.Overflow)]
    [InlineData("form.encode({'a': [1]})", CelErrorCode.InvalidArgument)]
    [InlineData("form.decode(b'\\xff')", CelErrorCode.InvalidArgument)]
    [InlineData("math.bitAnd(-1, b'\\x05')", CelErrorCode.InvalidArgument)]
    [InlineData("math.bitAnd(bytes('123456789012345678901234567890123'), b'\\x01')", CelErrorCode.InvalidArgument)]
    [InlineData("json('')", CelErrorCode.InvalidArgument)]
    [InlineData("json('{} x').a", CelErrorCode.InvalidArgument)]
    [InlineData("json('{}').a", CelErrorCode.NoSuchKey)]
    [InlineData("jsonField('{}', 'a')", CelErrorCode.NoSuchKey)]
    [InlineData("jsonField('[1]', 'a')", CelErrorCode.NoSuchOverload)]
    [InlineData("json(1)", CelErrorCode.NoSuchOverload)]
    [InlineData("unvalidatedJwtPayload('a.b')", CelErrorCode.InvalidArgument)]
    [InlineData("unvalidatedJwtPayload('a.b.c.d')", CelErrorCode.InvalidArgument)]
    [InlineData("unvalidatedJwtPayload('a.!!.c')", CelErrorCode.InvalidArgument)]
    [InlineData("[1].mapValues(v, v)", CelErrorCode.NoSuchOverload)]
    [InlineData("{'a': 1}.filterKeys(k, 1)", CelErrorCode.NoSuchOverload)]
    [InlineData("fail('stop')", CelErrorCode.Failed)]
    [InlineData("default(fail('stop'), 1)", CelErrorCode.Failed)]
    [InlineData("coalesce(nobody)", CelErrorCode.UndeclaredReference)]
    [InlineData("'a'.regexReplace('(', 'b')", CelErrorCode.InvalidRegex)]
    [InlineData("base64.decode('*')", CelErrorCode.InvalidArgument)]
    [InlineData("url.decode('%ff')", CelErrorCode.InvalidArgument)]
    [InlineData("form.encode({'a': 1})", CelErrorCode.InvalidArgument)]
    [InlineData("string(b'\\xff')", CelErrorCode.InvalidArgument)]
    [InlineData("timestamp(0).getHours('../etc/passwd')", CelErrorCode.InvalidArgument)]
    [InlineData("timestamp(0).getHours('No/Where')", CelErrorCode.InvalidArgument)]
    [InlineData("flatten(1)", CelErrorCode.NoSuchOverload)]
    [InlineData("size(flatten([1]))", CelErrorCode.MisplacedFlatten)]
    [InlineData("toJson(flatten([1]))", CelErrorCode.MisplacedFlatten)]
    [InlineData("flatten([1]) == flatten([1])", CelErrorCode.MisplacedFlatten)]
    [InlineData("flatten([1]).map(x, x)", CelErrorCode.MisplacedFlatten)]
    [InlineData("flatten({'a': 1}).a", CelErrorCode.MisplacedFlatten)]
    [InlineData("flatten([1])[0]", CelErrorCode.MisplacedFlatten)]
    [InlineData("'a' + flatten([1])", CelErrorCode.MisplacedFlatten)]
    [InlineData("toJson([flatten([1])])", CelErrorCode.MisplacedFlatten)]
    public void Evaluate_BadArgument_HasItsError(string source, CelErrorCode code) => Assert.Equal(code, Expressions.ErrorCode(source, Activation()));

    [Fact]
    public void Fail_Message_IsTheErrorsMessage() => Assert.Equal("stop here", Expressions.Evaluate("fail('stop here')").Error!.Message);

    [Fact]
    public void Variables_OnlyThoseWithAValue_AreEntries()
    {
        var activation = Expressions.With((GatewayVariables.Metadata, "{\"a\":1}"), (GatewayVariables.Jwt, "null"));

        Assert.Equal("""{"metadata":{"a":1}}""", Expressions.Evaluate("variables()", activation).ToJson());
    }

    [Fact]
    public void Random_SeededActivation_IsRepeatable() =>
        Assert.Equal(Expressions.Evaluate("[random(), random()]", new TestActivation()), Expressions.Evaluate("[random(), random()]", new TestActivation()));

    private static TestActivation Activation() => new() { Values = { [GatewayVariables.Jwt] = CelValue.FromEntries(KeyValuePair.Create(CelValue.FromString("rawToken"), CelValue.FromSecret("secret"))) } };
}
