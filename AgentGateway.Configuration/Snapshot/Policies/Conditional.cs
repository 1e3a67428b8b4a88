using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>
/// Policies of one kind of which the first applies whose condition holds. A plain policy is not wrapped.
/// </summary>
/// <typeparam name="T">The policy.</typeparam>
/// <param name="Entries">1 to 64 entries; one without condition is the last.</param>
public sealed record Conditional<T>(EquatableArray<ConditionalEntry<T>> Entries) : PolicySnapshot
{
    /// <inheritdoc/>
    public override Type Kind => typeof(T);
}

/// <summary>One choice of a conditional policy.</summary>
/// <typeparam name="T">The policy.</typeparam>
/// <param name="Condition">Holds when the policy applies; null always holds.</param>
/// <param name="Policy">The policy.</param>
public sealed record ConditionalEntry<T>(Expression? Condition, T Policy);

/// <summary>Reads policies in their plain and conditional form.</summary>
internal static class Conditional
{
    private const int MostEntries = 64;

    /// <summary>A policy that may be written plainly or as <c>conditional: [{condition, ...}]</c>.</summary>
    public static Shape<PolicySnapshot> Shape<T>(string name, string doc, Shape<T> plain, Func<ObjectReader, T> read)
        where T : PolicySnapshot =>
        Shapes.ByKey("conditional", ChoicesShape(name, doc, read).As(static choices => (PolicySnapshot)choices), plain.As(static policy => (PolicySnapshot)policy));

    /// <summary>The form <c>conditional: [{condition, ...}]</c> alone.</summary>
    public static Shape<Conditional<T>> ChoicesShape<T>(string name, string doc, Func<ObjectReader, T> read)
    {
        var entry = Shapes.Object($"{name}Choice", $"{doc} Applies when its condition holds.", r =>
            new ConditionalEntry<T>(r.Optional("condition", Expression.Shape, "Holds when this entry applies; only the last may have none.", "request.path.startsWith(\"/v1\")"), read(r)));
        return Shapes.Object($"{name}Choices", $"{doc} The first entry whose condition holds applies.", r => ReadEntries(r, entry));
    }

    private static Conditional<T> ReadEntries<T>(ObjectReader r, Shape<ConditionalEntry<T>> entry)
    {
        var entries = r.Required("conditional", Shapes.List(entry), "1 to 64 entries, tried in order.");
        if (r.Describing)
        {
            return new Conditional<T>(entries);
        }

        if (entries.IsEmpty)
        {
            r.Error("conditional", "conditional policies must have at least one entry");
        }
        else if (entries.Length > MostEntries)
        {
            r.Error("conditional", $"conditional policies may have at most {MostEntries} entries");
        }

        for (var i = 0; i < entries.Length - 1; i++)
        {
            if (entries[i].Condition is null)
            {
                r.ErrorAt("conditional", i, "conditional policy entries without condition must be last");
            }
        }

        return new Conditional<T>(entries);
    }
}
