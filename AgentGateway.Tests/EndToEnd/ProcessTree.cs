using System.Globalization;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>Who started whom, read from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>Processes below a process that still run; zombies do not count.</summary>
    public static IReadOnlyList<int> DescendantsOf(int ancestor)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || ReadStat(folder) is not { } stat || stat.State == 'Z')
            {
                continue;
            }

            if (!children.TryGetValue(stat.Parent, out var siblings))
            {
                children[stat.Parent] = siblings = [];
            }

            siblings.Add(id);
        }

        var found = new List<int>();
        var pending = new Queue<int>([ancestor]);
        while (pending.TryDequeue(out var next))
        {
            foreach (var child in children.GetValueOrDefault(next) ?? [])
            {
                found.Add(child);
                pending.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>True while the process runs.</summary>
    public static bool IsAlive(int id) => ReadStat($"/proc/{id}") is { State: not 'Z' };

    private static (char State, int Parent)? ReadStat(string folder)
    {
        try
        {
            // "pid (name) state ppid ...", and the name may hold anything.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null; // It ended while we looked.
        }
    }
}
