using System.Text;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.RemoteRateLimit.Protocol;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>A service that speaks Envoy's rate limit protocol.</summary>
internal sealed class RateLimitService(CalloutTarget target, string domain) : ISharedLimiter
{
    public string Place => target.ToString();

    public async Task<LimitDecision> CountAsync(RequestContext context, IReadOnlyList<LimitDescriptor> descriptors, CancellationToken cancellationToken)
    {
        var span = context.Record.StartOutbound(OutboundKind.Policy, "RateLimit", "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit");
        try
        {
            var headers = new Metadata();
            if (span is not null)
            {
                headers.Add("traceparent", span.Traceparent);
            }

            await target.ApplyAsync(context, "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", headers);
            var client = new Protocol.RateLimitService.RateLimitServiceClient(target.ClientFor(context).Channel);
            using var call = client.ShouldRateLimitAsync(CreateRequest(descriptors), headers, cancellationToken: cancellationToken);
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

    public TimeSpan? TimeoutFor(RequestContext context) => target.TimeoutFor(context);

    private RateLimitRequest CreateRequest(IReadOnlyList<LimitDescriptor> descriptors)
    {
        var request = new RateLimitRequest { Domain = domain, HitsAddend = 1 };
        foreach (var descriptor in descriptors)
        {
            var sent = new CountedDescriptor { HitsAddend = descriptor.Cost };
            foreach (var (key, value) in descriptor.Entries)
            {
                sent.Entries.Add(new CountedDescriptor.Types.Entry { Key = key, Value = value });
            }

            if (descriptor.Override is { } limit)
            {
                sent.Limit = new CountedDescriptor.Types.Override { RequestsPerUnit = limit.RequestsPerUnit, Unit = UnitOf(limit.Unit) };
            }

            request.Descriptors.Add(sent);
        }

        return request;
    }

    private static Unit UnitOf(string name) => name switch
    {
        "second" => Unit.Second,
        "minute" => Unit.Minute,
        "hour" => Unit.Hour,
        "day" => Unit.Day,
        "month" => Unit.Month,
        "year" => Unit.Year,
        _ => Unit.Unknown,
    };

    private static LimitDecision Read(RateLimitResponse response)
    {
        var toClient = new List<KeyValuePair<string, StringValues>>();
        RateLimitResponse.Types.DescriptorStatus? tightest = null;
        foreach (var status in response.Statuses)
        {
            if (status.CurrentLimit is not null && (tightest is null || status.LimitRemaining < tightest.LimitRemaining))
            {
                tightest = status;
            }
        }

        foreach (var header in response.ResponseHeadersToAdd)
        {
            if (header.Key.Length > 0 && !ExtAuthz.AuthzHeaders.IsFraming(header.Key))
            {
                // All values of one name that the service gives count, not the last one.
                var known = toClient.FindIndex(other => other.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase));
                if (known < 0)
                {
                    toClient.Add(new(header.Key, ValueOf(header)));
                }
                else
                {
                    toClient[known] = new(header.Key, StringValues.Concat(toClient[known].Value, ValueOf(header)));
                }
            }
        }

        if (tightest is not null)
        {
            // What the service says itself counts more than what is worked out from its statuses.
            var reset = tightest.DurationUntilReset is { } duration ? (ulong)Math.Max(0, duration.Seconds + (duration.Nanos > 0 ? 1 : 0)) : 0;
            toClient.AddRange(LimitDecision.Standing(tightest.CurrentLimit.RequestsPerUnit, tightest.LimitRemaining, reset)
                .Where(standing => !toClient.Exists(other => other.Key.Equals(standing.Key, StringComparison.OrdinalIgnoreCase))));
        }

        var toUpstream = new List<KeyValuePair<string, string>>();
        foreach (var header in response.RequestHeadersToAdd)
        {
            if (header.Key.Length > 0 && header.Key[0] != ':' && !ExtAuthz.AuthzHeaders.IsFraming(header.Key))
            {
                // Left out, a header of the client's own would stand in its place.
                if (!ResponseFields.CanStand(header.Key, ValueOf(header)))
                {
                    throw new CalloutException("the service gave a header that cannot be sent");
                }

                toUpstream.Add(new(header.Key, ValueOf(header)));
            }
        }

        return new LimitDecision
        {
            IsAllowed = response.OverallCode != RateLimitResponse.Types.Code.OverLimit,
            ResponseHeaders = toClient,
            RequestHeaders = toUpstream,
            Body = response.RawBody.Memory,
        };
    }

    private static string ValueOf(RateLimitResponse.Types.Header header) =>
        header.Value.Length > 0 || header.RawValue.IsEmpty ? header.Value : header.RawValue.ToString(Encoding.Latin1);
}
