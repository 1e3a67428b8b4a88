using AgentGateway.Cel;

namespace AgentGateway.Configuration.Expressions;

/// <summary>The methods of header views.</summary>
internal static class HeaderFunctions
{
    private static readonly CelValue NoHeaders = CelValue.FromError(CelErrorCode.NoSuchOverload, "no such overload: only request and response headers have this method");
    private static readonly CelValue NoCookie = CelValue.FromError(CelErrorCode.NoSuchKey, "no such key: cookie");

    public static void Register(CelEnvironmentBuilder builder)
    {
        builder.AddMethod("headers.join() -> headers", static (in CelCall call) => Mode(call, HeaderMode.Joined), "Each header as one string, its entries joined with commas.");
        builder.AddMethod("headers.raw() -> headers", static (in CelCall call) => Mode(call, HeaderMode.Raw), "Each header as the list of its entries.");
        builder.AddMethod("headers.split() -> headers", static (in CelCall call) => Mode(call, HeaderMode.Split), "Each header as the list of its values, split at commas.");
        builder.AddMethod("headers.redacted() -> headers", static (in CelCall call) =>
            call[0].TryGetHost<HeaderView>(out var view) ? CelValue.FromMap(new HeaderModeView(view, null, redacted: true)) : NoHeaders, "The values of sensitive headers masked.");
        builder.AddMethod("headers.cookie(string) -> string", Cookie, "The value of a cookie of the request.");
    }

    private static CelValue Mode(in CelCall call, HeaderMode mode) =>
        call[0].TryGetHost<HeaderView>(out var view) ? CelValue.FromMap(new HeaderModeView(view, mode, redacted: false)) : NoHeaders;

    private static CelValue Cookie(in CelCall call)
    {
        if (!call[0].TryGetHost<HeaderView>(out var view))
            return NoHeaders;
        var name = call[1].AsString();
        var values = view.Find("cookie");
        for (var i = 0; i < values.Count; i++)
        {
            var header = values[i];
            if (!call.TrySpend(header.Length >> 5))
                return CelCall.OutOfWork;
            foreach (var range in header.AsSpan().Split(';'))
            {
                var pair = header.AsSpan()[range].Trim();
                var equals = pair.IndexOf('=');
                if (equals < 0 || !pair[..equals].Trim().SequenceEqual(name))
                    continue;
                var value = pair[(equals + 1)..].Trim();
                if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
                    value = value[1..^1];
                return view.Redacts("cookie") ? CelValue.FromString(CelRedacted.Mask) : CelValue.FromString(value.ToString());
            }
        }

        return NoCookie;
    }
}
