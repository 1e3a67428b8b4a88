using System.Text;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>Insertions and replacements in a JSON text. Every byte that no edit covers stays as it was.</summary>
internal sealed class JsonEdits
{
    private readonly List<(int Start, int Length, byte[] Text)> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    public void Insert(int position, string text) => _edits.Add((position, 0, Encoding.UTF8.GetBytes(text)));

    public void Insert(int position, byte[] text) => _edits.Add((position, 0, text));

    public void Replace(JsonSlice slice, string text) => _edits.Add((slice.Start, slice.Length, Encoding.UTF8.GetBytes(text)));

    /// <summary>Returns the edited text. Edits must not overlap; those at one position keep the order in which they were added.</summary>
    public byte[] Apply(ReadOnlySpan<byte> source)
    {
        // Insertion sort: stable, and there is a handful of edits that nearly always come in order.
        for (var i = 1; i < _edits.Count; i++)
        {
            for (var j = i; j > 0 && _edits[j - 1].Start > _edits[j].Start; j--)
            {
                (_edits[j - 1], _edits[j]) = (_edits[j], _edits[j - 1]);
            }
        }

        var length = source.Length;
        foreach (var (_, removed, text) in _edits)
        {
            length += text.Length - removed;
        }

        var result = GC.AllocateUninitializedArray<byte>(length);
        int from = 0, to = 0;
        foreach (var (start, removed, text) in _edits)
        {
            source[from..start].CopyTo(result.AsSpan(to));
            to += start - from;
            text.CopyTo(result, to);
            to += text.Length;
            from = start + removed;
        }

        source[from..].CopyTo(result.AsSpan(to));
        _edits.Clear();
        return result;
    }
}
