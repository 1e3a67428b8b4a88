using System.Globalization;
using System.Text;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using StackExchange.Redis;

namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>
/// Counters in Redis, shared by all replicas (an addition of this gateway): a fixed window for each descriptor, that begins with its first request.
/// One script looks at all descriptors of a request and counts them only if none is over its limit, so that replicas cannot race each other and a
/// refused request costs nothing.
/// </summary>
internal sealed class RedisLimiter(RedisConnection connection, string domain, ulong limit, TimeSpan interval) : ISharedLimiter
{
    // KEYS: one for each descriptor. ARGV: cost, limit, window in ms for each. Answer: allowed, then remaining and ms to the reset of the tightest.
    private const string Script = """
        local allowed = 1
        local tightest, reset, limit = nil, 0, 0
        for i, key in ipairs(KEYS) do
          local cost = tonumber(ARGV[i * 3 - 2])
          local max = tonumber(ARGV[i * 3 - 1])
          local used = tonumber(redis.call('GET', key) or '0')
          if used + cost > max then allowed = 0 end
        end
        for i, key in ipairs(KEYS) do
          local cost = tonumber(ARGV[i * 3 - 2])
          local max = tonumber(ARGV[i * 3 - 1])
          local window = tonumber(ARGV[i * 3])
          local used = tonumber(redis.call('GET', key) or '0')
          if allowed == 1 and cost > 0 then
            used = redis.call('INCRBY', key, cost)
            if used == cost then redis.call('PEXPIRE', key, window) end
          end
          local left = redis.call('PTTL', key)
          if left < 0 then left = window end
          local remaining = max - used
          if remaining < 0 then remaining = 0 end
          if tightest == nil or remaining < tightest then
            tightest, reset, limit = remaining, left, max
          end
        end
        return {allowed, limit, tightest or 0, reset}
        """;

    public string Place => "redis " + connection.Address;

    public async Task<LimitDecision> CountAsync(RequestContext context, IReadOnlyList<LimitDescriptor> descriptors, CancellationToken cancellationToken)
    {
        var span = context.Record.StartOutbound(OutboundKind.Policy, "RateLimit", Place);
        try
        {
            var keys = new RedisKey[descriptors.Count];
            var arguments = new RedisValue[descriptors.Count * 3];
            for (var i = 0; i < keys.Length; i++)
            {
                var descriptor = descriptors[i];
                keys[i] = KeyOf(descriptor);
                arguments[i * 3] = (long)Math.Min(descriptor.Cost, long.MaxValue / 4);
                arguments[(i * 3) + 1] = descriptor.Override is { } own ? own.RequestsPerUnit : (long)limit;
                arguments[(i * 3) + 2] = (long)(descriptor.Override is { } other ? WindowOf(other.Unit) : interval).TotalMilliseconds;
            }

            var database = await connection.GetAsync(cancellationToken);
            var answer = (RedisResult[]?)await database.ScriptEvaluateAsync(Script, keys, arguments).WaitAsync(cancellationToken);
            return answer is [var allowed, var max, var remaining, var reset]
                ? new LimitDecision
                {
                    IsAllowed = (long)allowed == 1,
                    ResponseHeaders = LimitDecision.Standing((ulong)(long)max, (ulong)(long)remaining, ((ulong)(long)reset + 999) / 1000),
                }
                : throw new CalloutException("the script's answer is not understood");
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            span?.Fail(nameof(ResponseReason.UpstreamFailure), "redis failed");
            throw new CalloutException(error.GetType().Name, error);
        }
        catch (OperationCanceledException)
        {
            span?.Fail(nameof(ResponseReason.Timeout), "no answer in time");
            throw;
        }
        finally
        {
            span?.End();
        }
    }

    // The braces keep all keys of a domain on one node of a cluster, as a script needs them.
    private string KeyOf(LimitDescriptor descriptor)
    {
        var key = new StringBuilder();
        foreach (var (name, value) in descriptor.Entries)
        {
            key.Append(CultureInfo.InvariantCulture, $":{name.Length}:{name}={value.Length}:{value}");
        }

        if (descriptor.Override is { } limitOverride)
        {
            key.Append(':').Append(limitOverride.Unit);
        }

        // Values come from requests: a digest bounds the key and keeps credentials out of the database.
        return $"agentgateway:ratelimit:{{{domain}}}:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))}";
    }

    private static TimeSpan WindowOf(string unit) => unit switch
    {
        "second" => TimeSpan.FromSeconds(1),
        "minute" => TimeSpan.FromMinutes(1),
        "hour" => TimeSpan.FromHours(1),
        "day" => TimeSpan.FromDays(1),
        "month" => TimeSpan.FromDays(30),
        _ => TimeSpan.FromDays(365),
    };
}
