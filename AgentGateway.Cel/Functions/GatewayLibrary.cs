using System.Security.Cryptography;
using System.Text;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The functions of the gateway that know nothing of HTTP. <c>with</c>, <c>mapValues</c> and <c>filterKeys</c> are macros.</summary>
internal static class GatewayLibrary
{
    private static readonly CelValue NotJwt = ConversionLibrary.Bad("string is no JWT");
    private static readonly CelValue Empty = ConversionLibrary.Bad("coalesce() needs an argument");

    public static void Register(LibraryBuilder library)
    {
        library.Function("json(string) -> dyn", static (in CelCall call) => Json(call), "The value JSON text holds.");
        library.Function("json(bytes) -> dyn", static (in CelCall call) => Json(call), "The value JSON text holds.");
        foreach (var type in (string[])["string", "bytes"])
            library.Function($"jsonField({type}, string) -> dyn", JsonField, "A top-level member of a JSON object, without reading the rest into memory.");
        foreach (var name in (string[])["toJson", "to_json"])
            library.Function($"{name}(dyn) -> string", ToJson, "The value as compact JSON text.");
        library.Function("unvalidatedJwtPayload(string) -> dyn", UnvalidatedJwtPayload, "The claims of a JWT, whose signature is NOT checked.");
        library.Method("redacted.unredacted() -> string", static (in CelCall call) => CelValue.FromString(((CelRedacted)call[0].AsOpaque()).Secret), "The text of a secret.");
        library.Function("variables() -> map(string, dyn)", static (in CelCall call) => CelValue.Null, "All variables that have a value; makes the gateway capture everything.", isVolatile: true);
        library.Method("map(A, B).merge(map(A, B)) -> map(A, B)", Merge, "The entries of both; of equal keys the right one wins.");
        library.Method("map.merge(map) -> map", Merge, "The entries of both; of equal keys the right one wins.");
        library.Function("random() -> double", static (in CelCall call) => CelValue.FromDouble(call.Random.NextDouble()), "A random number from 0 to 1.", isVolatile: true);
        library.Function("uuid() -> string", Uuid, "A random UUID, version 4.", isVolatile: true);
        library.Function("default(dyn, dyn) -> dyn", static (in CelCall call) => call[0], "The first value, or the second when the first is null or not there.");
        library.Function("coalesce(dyn, dyn...) -> dyn", static (in CelCall call) => Empty, "The first value that is neither null nor an error.");
        library.Function("fail(string) -> dyn", static (in CelCall call) => CelValue.FromError(CelErrorCode.Failed, call[0].AsString()), "Always an error, with this message.", isVolatile: true);
        library.Function("fail() -> dyn", static (in CelCall call) => CelValue.FromError(CelErrorCode.Failed, "fail() was called"), "Always an error.", isVolatile: true);
        library.Method("string.regexReplace(string, string) -> string", RegexLibrary.ReplaceFirst, "With the first match replaced; `$1` and `${name}` stand for groups.");
        foreach (var type in (string[])["string", "bytes"])
        {
            library.Function($"url.encode({type}) -> string", WebEncoding.UrlEncode, "Percent-coding of a URL component.");
            library.Function($"form.decode({type}) -> map(string, dyn)", WebEncoding.FormDecode, "The entries of a form body; a repeated key has a list.");
        }

        library.Function("url.decode(string) -> string", WebEncoding.UrlDecode, "The text of a percent-coded URL component.");
        library.Function("form.encode(map) -> string", WebEncoding.FormEncode, "The entries as a form body, in the order of their keys; a list gives its key once for each element.");
        Hash(library, "sha1", SHA1.HashData);
        Hash(library, "sha256", SHA256.HashData);
        Hash(library, "md5", MD5.HashData);
        library.Function("flatten(list) -> dyn", static (in CelCall call) => CelFlattening.Mark(call[0], recursive: false), "Makes a field several attributes, one an element.");
        library.Function("flatten(map) -> dyn", static (in CelCall call) => CelFlattening.Mark(call[0], recursive: false), "Makes a field several attributes, one an entry.");
        foreach (var name in (string[])["flattenRecursive", "flatten_recursive"])
        {
            library.Function($"{name}(list) -> dyn", static (in CelCall call) => CelFlattening.Mark(call[0], recursive: true), "Makes a field several attributes, one a leaf.");
            library.Function($"{name}(map) -> dyn", static (in CelCall call) => CelFlattening.Mark(call[0], recursive: true), "Makes a field several attributes, one a leaf.");
        }

        library.Function("max(dyn...) -> dyn", static (in CelCall call) => MathLibrary.Pick(call, 1, CelValue.Null, "max"), "The largest number of the arguments, or of one list; null for none.");
        library.Function("min(dyn...) -> dyn", static (in CelCall call) => MathLibrary.Pick(call, -1, CelValue.Null, "min"), "The smallest number of the arguments, or of one list; null for none.");
        library.Method("list.contains(dyn) -> bool", ListContains, "Whether the list has this element.");
        library.Method("map.contains(dyn) -> bool", static (in CelCall call) => CelValue.FromBool(!call[0].AsMap().Get(call[1]).IsAbsent), "Whether the map has this key.");
        library.Method("bytes.contains(bytes) -> bool", static (in CelCall call) =>
            call.Frame.TrySearch(call[0].AsBytes().Length, call[1].AsBytes().Length) ? CelValue.FromBool(call[0].AsBytes().Span.IndexOf(call[1].AsBytes().Span) >= 0) : EvalErrors.WorkLimit, "Whether the bytes have this part.");
    }

    internal static bool TryUtf8(in CelCall call, CelValue value, out ReadOnlyMemory<byte> utf8)
    {
        if (value.Kind == CelKind.Bytes)
        {
            utf8 = value.AsBytes();
            return call.TrySpend(utf8.Length >> 5);
        }

        var text = value.AsString();
        utf8 = default;
        if (!call.TryReserve(text.Length, 2))
            return false;
        utf8 = Encoding.UTF8.GetBytes(text);
        return true;
    }

    private static CelValue Json(in CelCall call)
    {
        // The tokens take up to 20 bytes for every two characters of the text.
        return TryUtf8(call, call[0], out var utf8) && call.TryReserve(utf8.Length, 8) ? CelValue.FromJson(utf8) : EvalErrors.SizeLimit;
    }

    private static CelValue JsonField(in CelCall call)
    {
        if (!TryUtf8(call, call[0], out var utf8))
            return EvalErrors.SizeLimit;
        var name = new CelName(call[1].AsString());
        var value = JsonScan.Field(utf8, name);
        return value.IsAbsent ? name.Missing : value;
    }

    private static CelValue ToJson(in CelCall call)
    {
        if (!CelJsonWriter.TryWrite(call[0], call.Limits.MaxValueSize, ref call.Frame.Work, out var json, out var error))
            return CelValue.FromError(error);
        return call.TryReserve(json.Length) ? CelValue.FromString(json) : EvalErrors.SizeLimit;
    }

    private static CelValue UnvalidatedJwtPayload(in CelCall call)
    {
        var token = call[0].AsString();
        var parts = token.Split('.', 4);
        if (parts.Length != 3 || !call.TryReserve(token.Length, 8))
            return NotJwt;
        if (!EncoderLibrary.TryDecode(parts[1].Replace('-', '+').Replace('_', '/'), out var payload))
            return NotJwt;
        var value = CelValue.FromJson(payload);
        return value.Kind == CelKind.Map ? value : NotJwt;
    }

    private static CelValue Merge(in CelCall call)
    {
        var merged = new DictionaryCelMap();
        for (var i = 0; i < 2; i++)
        {
            var entries = call[i].AsMap().GetEnumerator();
            while (entries.MoveNext())
            {
                if (!call.TryReserve(1, 96) || !call.TrySpend(1) || !call.Frame.TryWalk(entries.Key))
                    return EvalErrors.SizeLimit;
                merged.Set(entries.Key, entries.Value);
            }
        }

        return CelValue.FromMap(merged);
    }

    private static CelValue Uuid(in CelCall call)
    {
        Span<byte> bytes = stackalloc byte[16];
        call.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return CelValue.FromString(new Guid(bytes, bigEndian: true).ToString());
    }

    private static CelValue ListContains(in CelCall call)
    {
        foreach (var item in call[0].AsList())
        {
            var equal = CelEquality.AreEqual(item, call[1], ref call.Frame.Work);
            if (equal != CelEquality.NotEqual)
                return Operations.Result(equal, negated: false);
        }

        return CelValue.False;
    }

    private static void Hash(LibraryBuilder library, string name, Func<byte[], byte[]> hash)
    {
        foreach (var type in (string[])["string", "bytes"])
        {
            library.Function($"{name}.encode({type}) -> string", (in CelCall call) =>
                TryUtf8(call, call[0], out var utf8) ? CelValue.FromString(Convert.ToHexStringLower(hash(utf8.ToArray()))) : EvalErrors.SizeLimit, $"The {name} hash in lower-case hexadecimal digits.");
        }
    }
}
