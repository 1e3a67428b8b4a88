namespace AgentGateway.Proxy.Backends;

/// <summary>A handler that writes the key of its backend into logs. The key can change with a reload that leaves the backend as it is.</summary>
internal interface INamedByPlace
{
    /// <summary>Runtime key of the backend.</summary>
    string Name { get; set; }
}
