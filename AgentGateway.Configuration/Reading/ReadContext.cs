using AgentGateway.Cel;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Reading;

/// <summary>What all readers of one document share: problems found, files read, references to check later.</summary>
internal sealed class ReadContext(LoadOptions options)
{
    /// <summary>Problems beyond this number are counted, not listed.</summary>
    private const int MostProblems = 1_000;

    private readonly HashSet<string> _errorPaths = new(StringComparer.Ordinal);

    private readonly Dictionary<string, CelCompilation> _expressions = new(StringComparer.Ordinal);

    private readonly ReadContext? _whole;

    // Values that are wrong because a variable is not set.
    private int _unset;

    private ReadContext(ReadContext whole, LoadOptions options)
        : this(options)
    {
        _whole = whole;
        Expressions = whole.Expressions;
        CustomFunctions = whole.CustomFunctions;
        Muted = whole.Muted;
        HasUnsetVariables = whole.HasUnsetVariables;
    }

    public LoadOptions Options { get; } = options;

    /// <summary>Environment of expressions: the gateway's own, with the functions that the document defines.</summary>
    public CelEnvironment Expressions { get; set; } = GatewayExpressions.Environment;

    /// <summary>Text of those functions; empty without.</summary>
    public string CustomFunctions { get; set; } = "";

    public List<ConfigurationProblem> Errors { get; } = [];

    public List<ConfigurationProblem> Warnings { get; } = [];

    /// <summary>Errors that were found and not listed.</summary>
    public int Omitted { get; private set; }

    /// <summary>Values that are understood, and on which the gateway cannot act yet.</summary>
    public int NotSupported { get; private set; }

    /// <summary>Grows with everything that is found wrong or not supported, so that a reader can tell whether a part was good.</summary>
    public int Findings => Errors.Count + Omitted + NotSupported + _unset;

    /// <summary>Files whose content went into the result; the watcher follows them.</summary>
    public SortedSet<string> ReferencedFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Named backends that policies and targets refer to.</summary>
    public List<Located<string>> BackendReferences { get; } = [];

    /// <summary>Services (<c>namespace/host</c> and port) that policies and backends refer to.</summary>
    public List<Located<ServiceReference>> ServiceReferences { get; } = [];

    /// <summary>Muted while a fallback for an unreadable value is made up: its gaps are no errors of the document.</summary>
    public bool Muted { get; set; }

    /// <summary>True when references to the environment stayed in the text because their variables are not set: each is an error of its own.</summary>
    public bool HasUnsetVariables { get; set; }

    private readonly Stack<List<string>> _keyLists = [];

    /// <summary>A list for the keys of one mapping, as every mapping of the document needs it for a while.</summary>
    public List<string> RentKeys() => _keyLists.TryPop(out var keys) ? keys : [];

    /// <summary>Takes such a list back.</summary>
    public void ReturnKeys(List<string> keys)
    {
        keys.Clear();
        _keyLists.Push(keys);
    }

    /// <summary>True for a part of a document that is read beside its other parts.</summary>
    public bool IsPart => _whole is not null;

    /// <summary>
    /// Contexts for parts of the document that are read side by side, each on one thread. This one must rest until they are taken back with
    /// <see cref="Join"/>, in the order of the document.
    /// </summary>
    public ReadContext[] Split(int parts)
    {
        var options = Options;
        if (options.TryPolicy is { } tryPolicy)
        {
            var turn = new Lock();
            options = options with
            {
                TryPolicy = policy =>
                {
                    lock (turn)
                    {
                        return tryPolicy(policy);
                    }
                },
            };
        }

        var contexts = new ReadContext[parts];
        for (var i = 0; i < parts; i++)
        {
            contexts[i] = new ReadContext(this, options);
        }

        return contexts;
    }

    /// <summary>Takes over what was found while a part was read.</summary>
    public void Join(ReadContext part)
    {
        var errors = Math.Min(part.Errors.Count, MostProblems - Errors.Count);
        Errors.AddRange(part.Errors.Take(errors));
        Omitted += part.Omitted + part.Errors.Count - errors;
        Warnings.AddRange(part.Warnings.Take(MostProblems - Warnings.Count));
        NotSupported += part.NotSupported;
        _unset += part._unset;
        _errorPaths.UnionWith(part._errorPaths);
        ReferencedFiles.UnionWith(part.ReferencedFiles);
        BackendReferences.AddRange(part.BackendReferences);
        ServiceReferences.AddRange(part.ServiceReferences);
        foreach (var (source, compilation) in part._expressions)
        {
            _expressions.TryAdd(source, compilation);
        }
    }

    /// <summary>Compiles an expression; equal texts share a program.</summary>
    public CelCompilation Compile(string source)
    {
        if (_whole is not null && _whole._expressions.TryGetValue(source, out var known))
        {
            return known;
        }

        if (!_expressions.TryGetValue(source, out var compilation))
        {
            compilation = Expressions.Compile(source);
            _expressions.Add(source, compilation);
        }

        return compilation;
    }

    /// <param name="path">Path of the value.</param>
    /// <param name="position">Its place.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="node">The value itself, where it is at hand.</param>
    public void Error(ConfigPath path, SourcePosition position, string message, ConfigNode? node = null)
    {
        if (Muted)
        {
            return;
        }

        // A reference to a variable that is not set was reported where it stands: what it makes of the value is no second error.
        if (HasUnsetVariables && node is ScalarNode { FromEnvironment: true } scalar && scalar.Text.Contains('$', StringComparison.Ordinal))
        {
            _errorPaths.Add(path.ToString());
            _unset++;
            return;
        }

        if (Errors.Count >= MostProblems)
        {
            Omitted++;
            return;
        }

        var text = path.ToString();
        _errorPaths.Add(text);
        Errors.Add(new ConfigurationProblem(text, position, message));
    }

    /// <summary>An error about how values fit together: dropped when the value itself, or the one around it, is already known to be wrong.</summary>
    public void SemanticError(SourceLocation at, string message)
    {
        var text = at.Path.ToString();
        for (var end = text.Length; end > 0; end = text.AsSpan(0, end).LastIndexOfAny('.', '['))
        {
            var path = text[..end];
            if (_errorPaths.Contains(path) || _whole?._errorPaths.Contains(path) == true)
            {
                return;
            }
        }

        Error(at.Path, at.Position, message);
    }

    /// <summary>True when the value at a path is already known to be wrong, so that nothing can be said about what depends on it.</summary>
    public bool IsWrong(ConfigPath path) =>
        (Errors.Count > 0 || _whole?.Errors.Count > 0) && path.ToString() is var text && (_errorPaths.Contains(text) || _whole?._errorPaths.Contains(text) == true);

    /// <summary>A key that its mapping does not have. The first words are those that clients of the original match on.</summary>
    public void UnknownField(ConfigPath parent, ConfigPath path, SourcePosition position, string key, List<string> known)
    {
        if (Muted)
        {
            return;
        }

        if (Errors.Count >= MostProblems)
        {
            Omitted++;
            return;
        }

        var nearest = DidYouMean.Nearest(key, known);
        var remedy = nearest is not null ? $"did you mean `{nearest}`?"
            : known.Count == 0 ? "this mapping has no keys"
            : known.Count <= 12 ? $"expected one of {string.Join(", ", known)}"
            : "remove it or correct its name";
        var where = parent.ToString();
        Error(path, position, $"unknown field `{Quoting.Shorten(key)}`{(where.Length == 0 ? "" : $" in {where}")}; {remedy}");
    }

    /// <summary>A combination of values that is understood, and on which the gateway cannot act yet.</summary>
    public void NotSupportedYet(SourceLocation at, string what)
    {
        NotSupported++;
        var message = $"not supported yet: {at.Path} ({what})";
        if (Options.ForRuntime)
        {
            SemanticError(at, message + "; remove it");
        }
        else
        {
            Warning(at.Path, at.Position, message);
        }
    }

    /// <summary>A key that is understood, and on which the gateway cannot act yet.</summary>
    public void NotSupportedYet(Place place)
    {
        NotSupported++;
        var message = $"not supported yet: {place.Path}";
        if (Options.ForRuntime)
        {
            place.Error(message + "; remove it");
        }
        else
        {
            place.Warning(message);
        }
    }

    public void Warning(ConfigPath path, SourcePosition position, string message)
    {
        if (!Muted && Warnings.Count < MostProblems)
        {
            Warnings.Add(new ConfigurationProblem(path.ToString(), position, message));
        }
    }
}
