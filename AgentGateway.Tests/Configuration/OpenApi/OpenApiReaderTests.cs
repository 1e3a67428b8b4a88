using System.Text;
using System.Text.Json.Nodes;
using AgentGateway.Configuration.OpenApi;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Configuration.OpenApi;

public sealed class OpenApiReaderTests
{
    [Fact]
    public void Read_LargeDocument_MakesAToolOfEachOperation()
    {
        var reading = OpenApiReader.Read(LibraryDocument.Yaml);

        Assert.Empty(reading.Errors);
        var tools = reading.Tools!;
        Assert.Equal(("Lending library", "2.1.0"), (tools.Title, tools.Version));
        Assert.Equal(["listBooks", "addBook", "getBook", "removeBook", "putScan", "addReader", "changeReader"], List(tools).Select(static tool => (string)tool!["name"]!));
        Assert.Equal("PUT", tools.Tools["putScan"].Method);
        Assert.Equal("/city/v2/books/|isbn|/pages/|from|-|to|/scan", string.Join('|', tools.Tools["putScan"].Path.Select(static part => part.Text)));
    }

    [Fact]
    public void Read_Operation_IsDescribedAsClientsSeeIt()
    {
        var tools = List(OpenApiReader.Read(LibraryDocument.Yaml).Tools!);

        Equal(
            """
            {"name": "getBook", "description": "getBook", "inputSchema": {"type": "object", "properties": {
              "path": {"type": "object", "properties": {"isbn": {"description": "Number of the book.", "type": "string"}}, "required": ["isbn"]},
              "header": {"type": "object", "properties": {"x-branch": {"description": "Where.", "type": "string"}}, "required": ["x-branch"]}},
              "required": ["path", "header"]}}
            """,
            tools[2]!);
        Equal("""{"description": "A switch.", "type": "boolean"}""", tools[0]!["inputSchema"]!["properties"]!["query"]!["properties"]!["flat"]!);
        Assert.Equal("A list of books whose summary is so long that nobody would read ", (string)tools[0]!["title"]!);
        Assert.EndsWith("to its very end", (string)tools[0]!["description"]!, StringComparison.Ordinal);
        Equal("""{"type": "string", "format": "byte", "contentEncoding": "base64"}""", tools[4]!["inputSchema"]!["properties"]!["body"]!);
        Equal("""{"type": "object", "properties": {}}""", tools[5]!["inputSchema"]!);
    }

    [Fact]
    public void Read_References_AreInlinedAsJsonSchema()
    {
        var tools = List(OpenApiReader.Read(LibraryDocument.Yaml).Tools!);

        Equal(
            """
            {"type": "object", "required": ["title"], "properties": {
              "title": {"type": ["string", "null"]},
              "price": {"type": "number", "exclusiveMinimum": 0, "example": 12.50},
              "author": {"description": "Who wrote it.", "type": "object", "properties": {"name": {"type": "string"}, "mentor": {"type": "object", "description": "Person, as described above"}}},
              "$ref": {"type": ["string", "null"], "enum": ["a", null]}}}
            """,
            tools[1]!["inputSchema"]!["properties"]!["body"]!);
        Equal("""["body"]""", tools[1]!["inputSchema"]!["required"]!);
        Assert.DoesNotContain("#/components", OpenApiListText(), StringComparison.Ordinal);

        static string OpenApiListText() => Encoding.UTF8.GetString(OpenApiReader.Read(LibraryDocument.Yaml).Tools!.List.Span);
    }

    [Fact]
    public void Read_WhatIsLeftOut_IsTold()
    {
        var warnings = OpenApiReader.Read(LibraryDocument.Yaml).Warnings.Select(static warning => warning.ToString()).ToList();

        Assert.Equal(5, warnings.Count);
        Assert.Contains(warnings, static warning => warning.Contains("the schema `Person` contains itself", StringComparison.Ordinal));
        Assert.Equal(2, warnings.Count(static warning => warning.Contains("the cookie parameter `session` is left out", StringComparison.Ordinal)));
        Assert.Contains(warnings, static warning => warning.Contains("the body of POST /readers is neither application/json nor application/octet-stream", StringComparison.Ordinal));
        Assert.Contains(warnings, static warning => warning.Contains("the header parameter `Content-Type` of PATCH /readers/{id} is left out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[1]", "expected an OpenAPI document, found a list")]
    [InlineData("{a: [}", "not well-formed YAML")]
    [InlineData("swagger: '2.0'", "convert it to OpenAPI 3.0")]
    [InlineData("info: {}", "`openapi: 3.0.x` is missing")]
    [InlineData("openapi: 4.0.0", "OpenAPI 4.0.0 is not supported")]
    [InlineData("openapi: 3.0.0", "the document has no `paths`")]
    [InlineData("""{"openapi": "3.0.0", "openapi": "3.0.1", "paths": {}}""", "duplicate key `openapi`")]
    [InlineData("openapi: 3.0.0\nservers: [{url: /a}, {url: /b}]\npaths: {}", "servers: the document names 2 servers; keep one")]
    [InlineData("openapi: 3.0.0\nservers: [{url: '/a?b'}]\npaths: {}", "servers[0].url: the URL /a?b has a query")]
    [InlineData("openapi: 3.0.0\nservers: [{url: '/a/../b'}]\npaths: {}", "has parts `.` or `..`")]
    [InlineData("openapi: 3.0.0\npaths: {/a: {$ref: other.yaml}}", "unsupported reference other.yaml in place of a path")]
    [InlineData("openapi: 3.0.0\npaths: {/a: {get: {}}}", "paths./a.get: information required: operationId of GET /a")]
    [InlineData("openapi: 3.0.0\npaths: {a: {get: {operationId: x}}}", "a path begins with `/`")]
    [InlineData("openapi: 3.0.0\npaths: {'/a?b': {get: {operationId: x}}}", "a path has no query")]
    [InlineData("openapi: 3.0.0\npaths: {'/a/../b': {get: {operationId: x}}}", "the path has parts `.` or `..`")]
    [InlineData("openapi: 3.0.0\npaths: {'/a/{b': {get: {operationId: x}}}", "the braces of the path")]
    [InlineData("openapi: 3.0.0\npaths: {/a: {get: {operationId: x}, put: {operationId: x}}}", "paths./a.put.operationId: duplicate operationId `x`")]
    public void Read_BadDocument_SaysWhatIsWrongAndWhere(string text, string expected)
    {
        var reading = OpenApiReader.Read(text);

        Assert.Null(reading.Tools);
        Assert.Contains(reading.Errors, error => error.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("parameters: [{name: a, in: cookie, schema: {}}]", "the cookie parameter `a` of GET /a is not supported")]
    [InlineData("parameters: [{name: a, in: query, content: {application/json: {}}}]", "the parameter `a` of GET /a has `content`, which is not supported")]
    [InlineData("parameters: [{name: a, in: query}]", "the parameter `a` of GET /a has no `schema`")]
    [InlineData("parameters: [{in: query}]", "a parameter of GET /a has no `name`")]
    [InlineData("parameters: [{name: a, schema: {}}]", "the parameter `a` of GET /a says no place")]
    [InlineData("parameters: [{name: \"a\\r\\nb\", in: header, schema: {}}]", "is no name of a header")]
    [InlineData("parameters: [{name: a, in: path, style: matrix, required: true, schema: {}}]", "the style matrix of the parameter `a`")]
    [InlineData("parameters: [{name: a, in: query, schema: {}}, {name: a, in: query, schema: {}}]", "the parameter `a` of GET /a is listed twice")]
    [InlineData("parameters: {a: 1}", "expected a list of parameters, found a mapping")]
    [InlineData("parameters: [{$ref: '#/components/parameters/None'}]", "leads nowhere")]
    [InlineData("parameters: [{$ref: '#/components/schemas/S'}]", "unsupported reference #/components/schemas/S")]
    [InlineData("parameters: [{$ref: '#/components/parameters/Loop'}]", "leads in a circle")]
    [InlineData("parameters: [{name: a, in: query, schema: {$ref: 'http://x.test/s.json'}}]", "unsupported reference http://x.test/s.json")]
    [InlineData("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S/properties/a'}}}}", "unsupported reference")]
    [InlineData("requestBody: {content: {application/json: {schema: [1]}}}", "expected a schema, found a list")]
    [InlineData("requestBody: {content: {application/json: {schema: {allOf: {}}}}}", "expected a list of schemas, found a mapping")]
    [InlineData("requestBody: {content: {application/json: {schema: {properties: [1]}}}}", "expected a mapping of names to schemas, found a list")]
    [InlineData("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Bomb'}}}}", "once references are inlined")]
    public void Read_BadOperation_SaysWhatIsWrongAndWhere(string members, string expected)
    {
        var bomb = new StringBuilder("    Bomb: {allOf: [{$ref: '#/components/schemas/B0'}, {$ref: '#/components/schemas/B0'}]}\n");
        for (var i = 0; i < 20; i++)
        {
            bomb.Append($"    B{i}: {{anyOf: [{{$ref: '#/components/schemas/B{i + 1}'}}, {{$ref: '#/components/schemas/B{i + 1}'}}, {{$ref: '#/components/schemas/B{i + 1}'}}]}}\n");
        }

        var reading = OpenApiReader.Read($$"""
            openapi: 3.0.0
            paths:
              /a:
                get: {operationId: x, {{members}} }
                put: {operationId: good}
            components:
              parameters:
                Loop: {$ref: '#/components/parameters/Loop'}
              schemas:
                S: {type: object}
            {{bomb}}    B20: {type: string, description: a rather long description of nothing at all}
            """);

        Assert.Null(reading.Tools);
        var error = Assert.Single(reading.Errors).ToString();
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.StartsWith("paths./a.get", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyErrors_AreAllToldUpToABound()
    {
        var text = new StringBuilder("openapi: 3.0.0\npaths:\n");
        for (var i = 0; i < 70; i++)
        {
            text.Append($"  /p{i}: {{get: {{}}}}\n");
        }

        var errors = OpenApiReader.Read(text.ToString()).Errors;

        Assert.Equal(51, errors.Count);
        Assert.Equal(4, errors[1].Line);
        Assert.Contains("and 20 more", errors[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyOperations_IsRefused()
    {
        var text = new StringBuilder("openapi: 3.0.0\npaths:\n");
        for (var i = 0; i <= OpenApiLimits.Tools; i++)
        {
            text.Append($"  /p{i}: {{get: {{operationId: o{i}}}}}\n");
        }

        Assert.Contains("more than 4096 operations", Assert.Single(OpenApiReader.Read(text.ToString()).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_JsonThatIsNoYaml_IsRead()
    {
        var reading = OpenApiReader.Read("\uFEFF{\t\"openapi\":\"3.0.0\",\"paths\":{\"/caf\\u00e9 x\":{\"get\":{\"operationId\":\"smile\",\"description\":\"\\ud83d\\ude00\"}}}}");

        Assert.Empty(reading.Errors);
        Assert.Equal("😀", (string)List(reading.Tools!)[0]!["description"]!);
        Assert.Equal("/caf%C3%A9%20x", reading.Tools!.Tools["smile"].Path[0].Text);
    }

    [Fact]
    public void Read_Version31_CountsWhatStandsBesideAReference()
    {
        var reading = OpenApiReader.Read("""
            openapi: 3.1.0
            paths: {/a: {post: {operationId: x, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S', description: d, minProperties: 1}}}}}}}
            components: {schemas: {S: {type: [object, 'null'], additionalProperties: false, nullable: true}}}
            """);

        Equal(
            """{"allOf": [{"type": ["object", "null"], "additionalProperties": false, "nullable": true}, {"minProperties": 1}], "description": "d"}""",
            List(reading.Tools!)[0]!["inputSchema"]!["properties"]!["body"]!);
    }

    [Fact]
    public void Read_UndeclaredPathParameter_IsAString()
    {
        var reading = OpenApiReader.Read("openapi: 3.0.0\npaths: {'/a/{b}': {get: {operationId: x, parameters: [{name: c, in: path, schema: {}}]}}}");

        Equal("""{"b": {"type": "string"}}""", List(reading.Tools!)[0]!["inputSchema"]!["properties"]!["path"]!["properties"]!);
        Assert.Equal(2, reading.Warnings.Count);
    }

    [Fact]
    public void Read_SameTextTwice_GivesEqualTools() =>
        Assert.Equal(OpenApiReader.Read(LibraryDocument.Yaml).Tools, OpenApiReader.Read(new string(LibraryDocument.Yaml)).Tools);

    [Fact]
    public void Read_RandomDocuments_NeverThrowsAndStaysInItsBounds()
    {
        var word = Any(
            "openapi", "paths", "/a", "/a/{b}", "get", "put", "parameters", "operationId", "requestBody", "content", "application/json", "schema", "$ref", "components", "schemas", "A", "B",
            "properties", "allOf", "items", "type", "nullable", "enum", "name", "in", "required", "servers", "url", "style", "explode", "exclusiveMinimum", "minimum");
        var scalar = Gen.OneOf(
            Any("3.0.0", "true", "null", "1e9", "'#/components/schemas/A'", "'#/components/schemas/B'", "'#/components/parameters/A'", "path", "query", "header", "object", "b", "\"\\uD800\"", "'/a/{b}'", "~", "[]", "{}"),
            Gen.String[0, 8].Select(static text => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'"));
        var tree = Gen.Recursive<string>((depth, inner) => depth > 7
            ? scalar
            : Gen.Frequency(
                (2, scalar),
                (6, Gen.Select(word, inner, static (key, value) => $"'{key}': {value}").Array[0, 5].Select(static entries => $"{{{string.Join(", ", entries)}}}")),
                (1, inner.Array[0, 3].Select(static items => $"[{string.Join(", ", items)}]"))));
        var document = Gen.Select(tree, tree, tree, static (a, b, c) =>
            $"{{openapi: 3.0.0, paths: {{/a: {a}, '/b/{{b}}': {{get: {{operationId: x, parameters: [{b}], requestBody: {{content: {{application/json: {{schema: {c}}}}}}}}}}}}}, components: {{schemas: {{A: {b}, B: {c}}}, parameters: {{A: {a}}}}}}}");
        var damaged = Gen.Select(Gen.Int[0, LibraryDocument.Yaml.Length - 1], Gen.Int[0, 40], scalar, static (at, length, text) =>
            LibraryDocument.Yaml[..at] + text + LibraryDocument.Yaml[Math.Min(LibraryDocument.Yaml.Length, at + length)..]);

        Gen.OneOf(document, damaged).Sample(
            static text =>
            {
                var reading = OpenApiReader.Read(text);
                Assert.True(reading.Tools is not null != reading.Errors.Count > 0);
                if (reading.Tools is { } tools)
                {
                    Assert.Equal(tools.Tools.Count, List(tools).Count);
                    Assert.True(tools.List.Length <= OpenApiLimits.ListBytes);
                }
            },
            iter: 3000);
    }

    private static JsonArray List(OpenApiToolSet tools) => JsonNode.Parse(tools.List.Span)!["tools"]!.AsArray();

    private static void Equal(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, found {actual.ToJsonString()}");

    private static Gen<string> Any(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
