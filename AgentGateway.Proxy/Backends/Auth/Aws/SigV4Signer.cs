using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Backends.Auth.Aws;

/// <summary>
/// AWS Signature Version 4 over the request as it goes on the wire ("Signing AWS API requests" in the AWS IAM user guide): host, content type and
/// all <c>x-amz-*</c> headers are signed, others may be changed by proxies.
/// </summary>
internal static class SigV4Signer
{
    /// <summary>SHA-256 of an empty body in hexadecimal.</summary>
    public const string EmptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>Signs a request: removes what an earlier signer left and sets <c>Authorization</c>, <c>X-Amz-Date</c> and, where needed, more.</summary>
    /// <param name="method">Request method.</param>
    /// <param name="host">Value of <c>Host</c> as it will be sent.</param>
    /// <param name="target">Path and query as they will be sent.</param>
    /// <param name="headers">Headers, changed in place.</param>
    /// <param name="bodyHash">SHA-256 of the body in lower-case hexadecimal.</param>
    /// <param name="credentials">Keys.</param>
    /// <param name="region">AWS region.</param>
    /// <param name="service">Signing name of the service.</param>
    /// <param name="now">Time of the signature.</param>
    public static void Sign(
        string method, string host, string target, IHeaderDictionary headers, string bodyHash, AwsCredentials credentials, string region, string service, DateTimeOffset now)
    {
        headers.Remove("Authorization");
        headers.Remove("X-Amz-Security-Token");
        headers.Remove("X-Amz-Content-Sha256");
        var timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        headers["X-Amz-Date"] = timestamp;
        if (credentials.SessionToken is { } sessionToken)
        {
            headers["X-Amz-Security-Token"] = sessionToken;
        }

        var isS3 = service == "s3";
        if (isS3)
        {
            headers["X-Amz-Content-Sha256"] = bodyHash;
        }

        var canonical = new StringBuilder(512);
        canonical.Append(method).Append('\n');
        AppendPath(canonical, target, isS3);
        canonical.Append('\n');
        AppendQuery(canonical, target);
        canonical.Append('\n');
        var signedHeaders = AppendHeaders(canonical, host, headers);
        canonical.Append('\n').Append(signedHeaders).Append('\n').Append(bodyHash);

        var scope = $"{timestamp[..8]}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{timestamp}\n{scope}\n{HashOf(Encoding.UTF8.GetBytes(canonical.ToString()))}";
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey), timestamp[..8]);
        key = Hmac(Hmac(Hmac(key, region), service), "aws4_request");
        var signature = Convert.ToHexStringLower(Hmac(key, toSign));
        headers["Authorization"] = $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={signedHeaders}, Signature={signature}";
    }

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    // Every service but S3 encodes the path that it receives once more, and folds empty and dot segments.
    private static void AppendPath(StringBuilder canonical, string target, bool isS3)
    {
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        if (path.Length == 0 || path == "/")
        {
            canonical.Append('/');
            return;
        }

        if (isS3)
        {
            canonical.Append(path);
            return;
        }

        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    if (kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    break;
                default:
                    kept.Add(segment);
                    break;
            }
        }

        foreach (var segment in kept)
        {
            canonical.Append('/');
            AppendEncoded(canonical, segment);
        }

        if (kept.Count == 0 || path.EndsWith('/'))
        {
            canonical.Append('/');
        }
    }

    private static void AppendQuery(StringBuilder canonical, string target)
    {
        var query = target.IndexOf('?');
        if (query < 0 || query == target.Length - 1)
        {
            return;
        }

        var pairs = new List<(string Name, string Value)>();
        foreach (var pair in target[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            pairs.Add((Normalise(equals < 0 ? pair : pair[..equals]), equals < 0 ? "" : Normalise(pair[(equals + 1)..])));
        }

        pairs.Sort(static (a, b) =>
        {
            var order = string.CompareOrdinal(a.Name, b.Name);
            return order != 0 ? order : string.CompareOrdinal(a.Value, b.Value);
        });
        for (var i = 0; i < pairs.Count; i++)
        {
            canonical.Append(i == 0 ? "" : "&").Append(pairs[i].Name).Append('=').Append(pairs[i].Value);
        }
    }

    private static string AppendHeaders(StringBuilder canonical, string host, IHeaderDictionary headers)
    {
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = host };
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) || name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                signed[name.ToLowerInvariant()] = Fold(values.ToString());
            }
        }

        foreach (var (name, value) in signed)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        return string.Join(';', signed.Keys);
    }

    // Runs of spaces become one, ends are cut.
    private static string Fold(string value) =>
        value.Contains("  ", StringComparison.Ordinal) ? string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : value.Trim(' ');

    private static string Normalise(string wire)
    {
        var text = new StringBuilder(wire.Length);
        AppendEncoded(text, Uri.UnescapeDataString(wire));
        return text.ToString();
    }

    private static void AppendEncoded(StringBuilder text, string raw)
    {
        if (raw.AsSpan().IndexOfAnyExcept(Unreserved) < 0)
        {
            text.Append(raw);
            return;
        }

        foreach (var b in Encoding.UTF8.GetBytes(raw))
        {
            if (Unreserved.Contains((char)b))
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }
    }
}
