using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Tokens;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using TokenCache = AgentGateway.Proxy.Backends.Auth.Tokens.TokenCache;

namespace AgentGateway.Proxy.Backends.Auth.Aws;

/// <summary>
/// Temporary keys of a role (<c>aws.assumeRole</c>), which the security token service gives for the environment's keys: action AssumeRole of its
/// query API, version 2011-06-15. They are kept until shortly before their end, for each session name and set of tags.
/// </summary>
internal sealed class AssumedRoleCredentials : IAwsCredentialSource
{
    private const int Capacity = 1024;
    private const string DefaultSessionName = "agentgateway";

    // The shortest time that the service gives keys for is 15 minutes.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    private readonly AwsAssumeRole _role;
    private readonly IAwsCredentialSource _own;
    private readonly string _region;
    private readonly Uri _endpoint;
    private readonly GatewayServices _services;
    private readonly PolicyExpression? _sessionName;
    private readonly (string Key, string? Value, PolicyExpression? Expression)[] _tags;
    private readonly TokenCache _cache;

    /// <param name="role">The role, and how its session is called.</param>
    /// <param name="own">Keys that may assume it.</param>
    /// <param name="region">Region of the security token service.</param>
    /// <param name="endpoint">Its address instead of the region's; null for that (<c>AWS_ENDPOINT_URL_STS</c>).</param>
    /// <param name="services">Clock and connections.</param>
    public AssumedRoleCredentials(AwsAssumeRole role, IAwsCredentialSource own, string region, string? endpoint, GatewayServices services)
    {
        _role = role;
        _own = own;
        _region = region;
        _endpoint = new Uri(endpoint ?? $"https://sts.{region}.amazonaws.com/");
        _services = services;
        _sessionName = PolicyExpression.Of(role.SessionName?.Expression);
        _tags = [.. role.Tags.Select(static tag => (tag.Key, tag.Value, PolicyExpression.Of(tag.Expression)))];
        _cache = new TokenCache(Capacity, services.Time);
    }

    public async ValueTask<AwsCredentials> GetAsync(RequestContext context, CancellationToken cancellationToken)
    {
        var form = FormOf(context);
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(FormText.Encode(form))));
        var parts = (await _cache.GetAsync(key, stopped => FetchAsync(context, form, stopped), cancellationToken)).Split('\n');
        return new AwsCredentials(parts[0], parts[1], parts[2]);
    }

    private List<KeyValuePair<string, string>> FormOf(RequestContext context)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("Action", "AssumeRole"),
            new("Version", "2011-06-15"),
            new("RoleArn", _role.RoleArn),
            new("RoleSessionName", _sessionName is null ? _role.SessionName?.Text ?? DefaultSessionName : TextOf(_sessionName, context, "sessionName")),
        };
        for (var i = 0; i < _tags.Length; i++)
        {
            var (name, value, expression) = _tags[i];
            form.Add(new(string.Create(CultureInfo.InvariantCulture, $"Tags.member.{i + 1}.Key"), name));
            form.Add(new(string.Create(CultureInfo.InvariantCulture, $"Tags.member.{i + 1}.Value"), value ?? TextOf(expression!, context, $"tag {name}")));
        }

        return form;
    }

    private static string TextOf(PolicyExpression expression, RequestContext context, string what) =>
        ExpressionText.TryText(expression.Evaluate(context), out var text) && text.Length > 0 ? text : throw new BackendAuthException($"aws.assumeRole: the expression of {what} has no value");

    private async Task<FetchedToken> FetchAsync(RequestContext context, List<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var body = Encoding.ASCII.GetBytes(FormText.Encode(form));
        var keys = await _own.GetAsync(context, cancellationToken);
        var headers = new HeaderDictionary { ["Content-Type"] = "application/x-www-form-urlencoded" };
        SigV4Signer.Sign("POST", _endpoint.Authority, _endpoint.PathAndQuery, headers, SigV4Signer.HashOf(body), keys, _region, "sts", _services.Time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        try
        {
            // Requests share the call, so it is nobody's span.
            var answer = await _services.Callouts.SendAsync(null, "AwsAssumeRole", request, cancellationToken);
            return answer.Status == 200
                ? Read(answer.Body)
                : throw new BackendAuthException($"the role cannot be assumed: status {answer.Status.ToString(CultureInfo.InvariantCulture)}{CodeOf(answer.Body)}");
        }
        catch (CalloutException error)
        {
            throw new BackendAuthException("the security token service did not answer: " + error.Message, error);
        }
    }

    private static FetchedToken Read(byte[] xml)
    {
        var fields = Fields(xml);
        return fields.TryGetValue("AccessKeyId", out var id) && fields.TryGetValue("SecretAccessKey", out var secret) && fields.TryGetValue("SessionToken", out var token)
            && DateTimeOffset.TryParse(fields.GetValueOrDefault("Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            ? new FetchedToken($"{id}\n{secret}\n{token}", end - Margin)
            : throw new BackendAuthException("the security token service gave no keys");
    }

    // Its error codes (AccessDenied, ExpiredToken) tell what to do; its messages name principals.
    private static string CodeOf(byte[] xml)
    {
        try
        {
            return Fields(xml).TryGetValue("Code", out var code) ? ", " + code : "";
        }
        catch (BackendAuthException)
        {
            return "";
        }
    }

    private static Dictionary<string, string> Fields(byte[] xml)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var name = "";
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    name = reader.LocalName;
                }
                else if (reader.NodeType == XmlNodeType.Text)
                {
                    fields[name] = reader.Value;
                }
            }
        }
        catch (XmlException error)
        {
            throw new BackendAuthException("the security token service gave an answer that cannot be read", error);
        }

        return fields;
    }
}
