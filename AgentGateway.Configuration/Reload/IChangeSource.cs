namespace AgentGateway.Configuration.Reload;

/// <summary>Says that files may have changed.</summary>
public interface IChangeSource : IDisposable
{
    /// <summary>Raised on any thread when one of the files may have changed; more often than needed is fine.</summary>
    event Action? Changed;

    /// <summary>Replaces the files that are followed.</summary>
    void Follow(IReadOnlyCollection<string> files);
}
