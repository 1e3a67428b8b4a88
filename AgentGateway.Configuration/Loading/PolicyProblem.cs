namespace AgentGateway.Configuration.Loading;

/// <summary>Why a policy that is written correctly cannot act.</summary>
/// <param name="Message">What is wrong and how to mend it; never a secret.</param>
/// <param name="NotSupportedYet">True when the gateway lacks something, false when the configuration is wrong.</param>
public sealed record PolicyProblem(string Message, bool NotSupportedYet);
