using System.Buffers;
using System.Text;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Routing;

/// <summary>A condition on the last value of a query parameter, compared in decoded form (<c>+</c> is a space).</summary>
internal sealed class QueryCondition(QueryMatchSnapshot snapshot)
{
    private const int StackChars = 256;

    private readonly string _name = snapshot.Name;
    private readonly ValueCondition _value = new(snapshot.Value);

    /// <summary>Takes the query with or without its <c>?</c>.</summary>
    public bool Matches(ReadOnlySpan<char> query)
    {
        if (query.Length > 0 && query[0] == '?')
        {
            query = query[1..];
        }

        // The last one wins, so the search goes from the end.
        while (!query.IsEmpty)
        {
            var start = query.LastIndexOf('&') + 1;
            var pair = query[start..];
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            if (!pair.IsEmpty && Compare(name, this, static (decoded, self) => decoded.SequenceEqual(self._name)))
            {
                return Compare(equals < 0 ? default : pair[(equals + 1)..], this, static (decoded, self) => self._value.Matches(decoded));
            }

            query = start == 0 ? default : query[..(start - 1)];
        }

        return false;
    }

    private static bool Compare(ReadOnlySpan<char> encoded, QueryCondition self, Comparison test)
    {
        if (encoded.IndexOfAny('%', '+') < 0)
        {
            return test(encoded, self);
        }

        var rented = encoded.Length > StackChars ? ArrayPool<char>.Shared.Rent(encoded.Length) : null;
        var decoded = rented ?? stackalloc char[StackChars];
        try
        {
            return test(decoded[..Decode(encoded, decoded)], self);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    // Percent-decodes to UTF-8 and on to text. The result is never longer than the input: three characters make a byte, and no byte makes
    // more than one character.
    private static int Decode(ReadOnlySpan<char> encoded, Span<char> decoded)
    {
        var length = 0;
        Span<byte> bytes = stackalloc byte[64];
        for (var i = 0; i < encoded.Length;)
        {
            if (encoded[i] != '%' || !TryHex(encoded, i, out var first))
            {
                decoded[length++] = encoded[i] == '+' ? ' ' : encoded[i];
                i++;
                continue;
            }

            // A run of encoded bytes is decoded together, in blocks that end on a character boundary.
            var count = 0;
            do
            {
                bytes[count++] = first;
                i += 3;
            }
            while (count < bytes.Length - 4 && i < encoded.Length && encoded[i] == '%' && TryHex(encoded, i, out first));

            while (count is > 0 and < 64 && i < encoded.Length && encoded[i] == '%' && TryHex(encoded, i, out first) && (first & 0xC0) == 0x80)
            {
                bytes[count++] = first;
                i += 3;
            }

            length += Encoding.UTF8.GetChars(bytes[..count], decoded[length..]);
        }

        return length;
    }

    private static bool TryHex(ReadOnlySpan<char> text, int percent, out byte value)
    {
        value = 0;
        if (percent + 2 >= text.Length || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]))
        {
            return false;
        }

        value = (byte)((HexOf(text[percent + 1]) << 4) | HexOf(text[percent + 2]));
        return true;
    }

    private static int HexOf(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private delegate bool Comparison(ReadOnlySpan<char> decoded, QueryCondition self);
}
