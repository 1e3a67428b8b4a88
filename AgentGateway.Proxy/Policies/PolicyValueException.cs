namespace AgentGateway.Proxy.Policies;

/// <summary>A value of a policy that is written correctly and cannot be used, such as a key that does not parse.</summary>
/// <param name="key">The key that holds it.</param>
/// <param name="message">What is wrong and how to mend it; never a secret.</param>
/// <param name="occurrence">Which of the values of that key it is, from 0 in the order of the configuration.</param>
/// <param name="cause">What found it.</param>
internal sealed class PolicyValueException(string key, string message, int occurrence = 0, Exception? cause = null) : FormatException(message, cause)
{
    public string Key => key;

    public int Occurrence => occurrence;
}
