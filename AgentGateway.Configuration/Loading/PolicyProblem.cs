namespace AgentGateway.Configuration.Loading;

/// <summary>Why a policy that is written correctly cannot act.</summary>
/// <param name="Message">What is wrong and how to mend it; never a secret.</param>
/// <param name="NotSupportedYet">True when the gateway lacks something, false when the configuration is wrong.</param>
public sealed record PolicyProblem(string Message, bool NotSupportedYet)
{
    /// <summary>The key inside of the policy, at any depth, whose value is wrong; null when it is the policy as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>Which of the values of that key it is, from 0 in the order of the document.</summary>
    public int Occurrence { get; init; }
}
