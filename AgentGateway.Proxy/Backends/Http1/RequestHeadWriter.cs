using System.Buffers;
using System.Buffers.Text;
using System.Text;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Writes the head of a request in HTTP/1.1 form. What is written has exactly one reading: one framing field, no control characters.</summary>
internal ref struct RequestHeadWriter
{
    private ref byte[] _buffer;
    private int _length;

    private RequestHeadWriter(ref byte[] buffer)
    {
        _buffer = ref buffer;
        _length = 0;
    }

    /// <summary>Writes into <paramref name="buffer"/>, which is replaced by a larger one when needed; returns the length of the head.</summary>
    /// <exception cref="UpstreamException">A field cannot be written safely.</exception>
    public static int Write(UpstreamRequest request, ref byte[] buffer)
    {
        var writer = new RequestHeadWriter(ref buffer);
        writer.WriteHead(request);
        return writer._length;
    }

    private void WriteHead(UpstreamRequest request)
    {
        if (!HttpToken.IsValid(request.Method))
        {
            throw Invalid("the method is malformed");
        }

        Reserve(request.Method.Length + (request.Target.Length * 3) + 32);
        Text(request.Method);
        Raw(" "u8);
        TargetText(request.Target);
        Raw(" HTTP/1.1\r\n"u8);
        Field("Host", request.Host);
        foreach (var (name, values) in request.Headers)
        {
            if (HopByHop.IsRequestHeader(name) || (request.Traceparent is not null && name.Equals("traceparent", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (values.Count == 1)
            {
                Field(name, values[0] ?? "");
            }
            else
            {
                Fields(name, values);
            }
        }

        if (request.Traceparent is { } traceparent)
        {
            Field("traceparent", traceparent);
        }

        if (request.RetryAttempt > 0)
        {
            NumberField("x-retry-attempt: "u8, request.RetryAttempt);
        }

        WriteConnectionFields(request);
        Raw("\r\n"u8);
    }

    private void WriteConnectionFields(UpstreamRequest request)
    {
        if (request.Upgrade is { } upgrade)
        {
            Raw("Connection: Upgrade\r\n"u8);
            Field("Upgrade", upgrade);
        }
        else if (request.AcceptsTrailers)
        {
            Raw("Connection: TE\r\nTE: trailers\r\n"u8);
        }

        if (request.Body is null)
        {
            // Methods that usually have a body need a length to say that there is none (RFC 9110, 8.6).
            if (request.ContentLength == 0 || request.Method is "POST" or "PUT" or "PATCH")
            {
                Raw("Content-Length: 0\r\n"u8);
            }
        }
        else if (request.ContentLength is { } length)
        {
            NumberField("Content-Length: "u8, length);
        }
        else
        {
            Raw("Transfer-Encoding: chunked\r\n"u8);
            if (request.Headers["Trailer"] is { Count: > 0 } trailer)
            {
                Field("Trailer", trailer.ToString());
            }
        }

        if (request.ExpectContinue)
        {
            Raw("Expect: 100-continue\r\n"u8);
        }
    }

    private void Fields(string name, StringValues values)
    {
        if (name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
        {
            // HTTP/2 splits cookies into crumbs; HTTP/1.1 has one field (RFC 9113, 8.2.3).
            Field(name, string.Join("; ", values.ToArray()));
            return;
        }

        foreach (var value in values)
        {
            Field(name, value ?? "");
        }
    }

    private void Field(string name, string value)
    {
        Reserve(name.Length + (value.Length * 3) + 4);
        if (Ascii.FromUtf16(name, _buffer.AsSpan(_length), out var nameLength) != OperationStatus.Done || !HttpToken.IsValid(name))
        {
            throw FieldRules.MalformedName();
        }

        _length += nameLength;
        Raw(": "u8);
        var target = _buffer.AsSpan(_length);
        if (Ascii.FromUtf16(value, target, out var valueLength) != OperationStatus.Done)
        {
            valueLength = Encoding.UTF8.GetBytes(value, target);
        }

        if (FieldRules.IsForbidden(target[..valueLength]))
        {
            throw FieldRules.MalformedValue(name, value);
        }

        _length += valueLength;
        Raw("\r\n"u8);
    }

    private void NumberField(ReadOnlySpan<byte> nameAndColon, long value)
    {
        Reserve(nameAndColon.Length + 24);
        Raw(nameAndColon);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out var written);
        _length += written;
        Raw("\r\n"u8);
    }

    private void TargetText(string target)
    {
        var start = _length;
        var length = Ascii.FromUtf16(target, _buffer.AsSpan(_length), out var ascii) == OperationStatus.Done
            ? ascii
            : Encoding.UTF8.GetBytes(target, _buffer.AsSpan(_length));
        _length += length;
        if (length == 0 || _buffer.AsSpan(start, length).ContainsAnyInRange((byte)0, (byte)' ') || _buffer.AsSpan(start, length).Contains((byte)127))
        {
            throw FieldRules.MalformedTarget(target);
        }
    }

    private void Text(string text) => _length += Encoding.ASCII.GetBytes(text, _buffer.AsSpan(_length));

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private readonly void Reserve(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }

    private static UpstreamException Invalid(string why) => new(UpstreamFailure.InvalidRequest, why);
}
