namespace AgentGateway.Configuration.Reading;

/// <summary>All object types of the model, gathered by describing the document from its root.</summary>
internal sealed class Catalogue
{
    private readonly Dictionary<string, ObjectDescription> _objects = new(StringComparer.Ordinal);

    /// <summary>Object types in the order in which they were met.</summary>
    public List<ObjectDescription> Objects { get; } = [];

    public ObjectDescription this[string name] => _objects[name];

    /// <summary>Describes an object type once; a type that contains itself is met again as a reference.</summary>
    public ReferenceDescription Add(string name, string doc, Action<ObjectDescription> describe)
    {
        if (_objects.TryGetValue(name, out var known))
        {
            return known.Doc == doc ? new ReferenceDescription(name) : throw new InvalidOperationException($"two types are called {name}");
        }

        var description = new ObjectDescription(name, doc);
        _objects.Add(name, description);
        Objects.Add(description);
        describe(description);
        return new ReferenceDescription(name);
    }
}
