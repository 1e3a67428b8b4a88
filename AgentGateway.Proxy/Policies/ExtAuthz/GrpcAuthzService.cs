using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.ExtAuthz.Protocol;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>A service that speaks Envoy's <c>Authorization/Check</c>.</summary>
internal sealed class GrpcAuthzService : IAuthzService
{
    private readonly CalloutTarget _target;
    private readonly ExtAuthzGrpc _settings;
    private readonly string[]? _includedHeaders;
    private readonly bool _packAsBytes;
    private readonly KeyValuePair<string, CelProgram>[] _metadata;
    private readonly TimeProvider _time;

    public GrpcAuthzService(CalloutTarget target, Configuration.Snapshot.Policies.ExtAuthz settings, TimeProvider time)
    {
        _target = target;
        _time = time;
        _settings = settings.Protocol?.Grpc ?? new ExtAuthzGrpc();
        _includedHeaders = settings.IncludeRequestHeaders is { } included ? [.. included] : null;
        _packAsBytes = settings.IncludeRequestBody is { PackAsBytes: true };
        var metadata = new List<KeyValuePair<string, CelProgram>>();
        foreach (var (name, expression) in _settings.Metadata.Entries)
        {
            metadata.Add(new(name, RequestExpressions.Compile(expression)));
        }

        _metadata = [.. metadata];
    }

    public IEnumerable<CelProgram> Expressions => Array.ConvertAll(_metadata, static entry => entry.Value);

    public async Task<AuthzDecision> CheckAsync(RequestContext context, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var span = context.Record.StartOutbound(OutboundKind.Policy, "ExtAuthz", "envoy.service.auth.v3.Authorization/Check");
        try
        {
            var headers = new Grpc.Core.Metadata();
            if (span is not null)
            {
                headers.Add("traceparent", span.Traceparent);
            }

            await _target.ApplyAsync(context, "/envoy.service.auth.v3.Authorization/Check", headers);
            var client = new Protocol.Authorization.AuthorizationClient(_target.ClientFor(context).Channel);
            using var call = client.CheckAsync(CreateRequest(context, body), headers, cancellationToken: cancellationToken);
            return Read(await call.ResponseAsync);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested || error.StatusCode != StatusCode.Cancelled)
        {
            span?.Fail(error.StatusCode.ToString(), error.Status.Detail);
            throw new CalloutException($"gRPC status {error.StatusCode}", error);
        }
        catch (RpcException error)
        {
            span?.Fail(nameof(ResponseReason.Timeout), "no answer in time");
            throw new OperationCanceledException("no answer in time", error, cancellationToken);
        }
        finally
        {
            span?.End();
        }
    }

    private CheckRequest CreateRequest(RequestContext context, ReadOnlyMemory<byte>? body)
    {
        var source = context.Http.Request;
        var connection = context.Http.Connection;
        var http = new AttributeContext.Types.HttpRequest
        {
            Id = context.Http.TraceIdentifier,
            Method = source.Method,
            Path = context.Target,
            Host = context.Authority,
            Scheme = context.Scheme,
            Protocol = source.Protocol,
            Size = source.ContentLength ?? -1,
        };
        AddHeaders(context, http);
        if (body is { } bytes)
        {
            if (_packAsBytes)
            {
                http.RawBody = ByteString.CopyFrom(bytes.Span);
            }
            else
            {
                http.Body = Encoding.UTF8.GetString(bytes.Span);
            }
        }

        var attributes = new AttributeContext
        {
            Source = new AttributeContext.Types.Peer { Address = AddressOf(connection.RemoteIpAddress, connection.RemotePort) },
            Destination = new AttributeContext.Types.Peer { Address = AddressOf(connection.LocalIpAddress, connection.LocalPort) },
            Request = new AttributeContext.Types.Request { Time = Timestamp.FromDateTimeOffset(_time.GetUtcNow()), Http = http },
        };
        if (context.Record.SourceIdentity is { } principal)
        {
            attributes.Source.Principal = principal;
        }

        foreach (var (name, value) in _settings.Context.Entries)
        {
            attributes.ContextExtensions[name] = value;
        }

        AddMetadata(context, attributes);
        return new CheckRequest { Attributes = attributes };
    }

    private void AddHeaders(RequestContext context, AttributeContext.Types.HttpRequest http)
    {
        var headers = context.Http.Request.Headers;
        if (_includedHeaders is { } included)
        {
            foreach (var name in included)
            {
                if (Pseudo(context, name) is { } pseudo)
                {
                    http.Headers[name] = pseudo;
                }
                else if (headers.TryGetValue(name, out var values))
                {
                    http.Headers[name.ToLowerInvariant()] = AuthzHeaders.Join(name, values);
                }
            }

            return;
        }

        foreach (var (name, values) in headers)
        {
            http.Headers[name.ToLowerInvariant()] = AuthzHeaders.Join(name, values);
        }

        foreach (var name in (ReadOnlySpan<string>)[":method", ":path", ":authority", ":scheme"])
        {
            http.Headers[name] = Pseudo(context, name)!;
        }
    }

    private static string? Pseudo(RequestContext context, string name) => name switch
    {
        ":method" => context.Http.Request.Method,
        ":path" => context.Target,
        ":authority" => context.Authority,
        ":scheme" => context.Scheme,
        _ => null,
    };

    private void AddMetadata(RequestContext context, AttributeContext attributes)
    {
        var metadata = new Protocol.Metadata();
        if (_metadata.Length == 0)
        {
            if (context.Record.Jwt is { } jwt && StructJson.Read(jwt.ClaimsJson.Span) is { } claims)
            {
                // As Envoy's JWT filter publishes it, so that services written for it find it.
                metadata.FilterMetadata["envoy.filters.http.jwt_authn"] = new Struct { Fields = { ["jwt_payload"] = Value.ForStruct(claims) } };
            }
        }

        foreach (var (name, program) in _metadata)
        {
            if (StructJson.From(RequestExpressions.Evaluate(program, context)) is { } value)
            {
                metadata.FilterMetadata[name] = value;
            }
        }

        if (metadata.FilterMetadata.Count > 0)
        {
            attributes.MetadataContext = metadata;
        }
    }

    private static Address? AddressOf(System.Net.IPAddress? address, int port) => address is null ? null : new Address
    {
        SocketAddress = new SocketAddress { Address = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(), PortValue = (uint)port },
    };

    private static AuthzDecision Read(CheckResponse response)
    {
        var metadata = response.DynamicMetadata is { } dynamic ? StructJson.Write(dynamic) : default(ReadOnlyMemory<byte>);
        if (response.Status is null or { Code: 0 } && response.HttpResponseCase != CheckResponse.HttpResponseOneofCase.DeniedResponse)
        {
            return Allowed(response.OkResponse ?? new OkHttpResponse()) with { Metadata = metadata };
        }

        var denied = response.DeniedResponse ?? new DeniedHttpResponse();
        var status = denied.Status is { Code: >= 200 and <= 599 } told ? told.Code : 403;
        var headers = new List<KeyValuePair<string, StringValues>>();
        string? contentType = "text/plain";
        foreach (var option in denied.Headers)
        {
            if (option.Header is not { Key.Length: > 0 } header || AuthzHeaders.IsFraming(header.Key))
            {
                continue;
            }

            if (header.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                contentType = ValueOf(header);
            }
            else
            {
                headers.Add(new(header.Key, ValueOf(header)));
            }
        }

        var body = denied.Body.Length > 0 ? denied.Body : response.DeniedResponse is null ? ExtAuthzHandler.Refused : "";
        return new AuthzDecision
        {
            Refusal = new GatewayReply
            {
                Status = status,
                Reason = ResponseReason.ExtAuth,
                Error = ExtAuthzHandler.Refused,
                Body = Encoding.UTF8.GetBytes(body),
                ContentType = contentType,
                Headers = headers,
            },
            Metadata = metadata,
            IsCacheable = status < 500,
        };
    }

    private static AuthzDecision Allowed(OkHttpResponse response)
    {
        var request = new List<HeaderChange>();
        foreach (var option in response.Headers)
        {
            if (option.Header is { Key.Length: > 0 } header && !AuthzHeaders.IsFraming(header.Key))
            {
                // Left out, a header of the client's own would stand in its place.
                if (!ResponseFields.CanStand(header.Key.TrimStart(':'), ValueOf(header)))
                {
                    throw new CalloutException("the service gave a header that cannot be sent");
                }

                request.Add(new HeaderChange(header.Key, ValueOf(header), ModeOf(option)));
            }
        }

        var toClient = new List<HeaderChange>();
        foreach (var option in response.ResponseHeadersToAdd)
        {
            if (option.Header is { Key.Length: > 0 } header && !AuthzHeaders.IsFraming(header.Key))
            {
                // All values of one name that the service gives count, not the last one.
                var isRepeated = toClient.Exists(other => other.Name.Equals(header.Key, StringComparison.OrdinalIgnoreCase));
                toClient.Add(new HeaderChange(header.Key, ValueOf(header), isRepeated ? HeaderChangeMode.Append : ModeOf(option)));
            }
        }

        var query = new List<KeyValuePair<string, string?>>();
        foreach (var parameter in response.QueryParametersToSet)
        {
            query.Add(new(parameter.Key, parameter.Value));
        }

        foreach (var name in response.QueryParametersToRemove)
        {
            query.Add(new(name, null));
        }

        return new AuthzDecision { RequestHeaders = request, RemovedHeaders = [.. response.HeadersToRemove], ResponseHeaders = toClient, Query = query };
    }

    // The default of Envoy's older `append` field is to replace; the newer field is only told from its default when that is absent.
    private static HeaderChangeMode ModeOf(HeaderValueOption option) => option.Append is { } append
        ? append ? HeaderChangeMode.Append : HeaderChangeMode.Set
        : option.AppendAction switch
        {
            HeaderValueOption.Types.AppendAction.AddIfAbsent => HeaderChangeMode.AddIfAbsent,
            HeaderValueOption.Types.AppendAction.OverwriteIfExists => HeaderChangeMode.SetIfPresent,
            _ => HeaderChangeMode.Set,
        };

    private static string ValueOf(HeaderValue header) =>
        header.Value.Length > 0 || header.RawValue.IsEmpty ? header.Value : header.RawValue.ToString(Encoding.Latin1);
}
