namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>One descriptor of a request, with its expressions evaluated.</summary>
/// <param name="Entries">Keys and values that are counted together.</param>
/// <param name="Cost">What the request costs.</param>
/// <param name="Override">Limit that the request brings along, or null.</param>
internal sealed record LimitDescriptor(KeyValuePair<string, string>[] Entries, ulong Cost, LimitOverride? Override);

/// <summary>A limit that an expression gives.</summary>
/// <param name="RequestsPerUnit">Most requests in a unit of time.</param>
/// <param name="Unit">Name of the unit: second, minute, hour, day, month, year.</param>
internal sealed record LimitOverride(uint RequestsPerUnit, string Unit);
