namespace AgentGateway.Proxy.Policies;

/// <summary>The settings of a policy cannot be used: the configuration is refused. The message holds no secret.</summary>
/// <param name="owner">Runtime key of the listener, route or backend choice that the policy applies to.</param>
/// <param name="problem">What is wrong with it.</param>
/// <param name="inner">Where it showed, or null.</param>
internal sealed class PolicySettingsException(string owner, string problem, Exception? inner) : IOException($"{owner}: {problem}", inner);
