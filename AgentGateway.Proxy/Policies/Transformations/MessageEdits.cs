using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.Transformations;

/// <summary>
/// The changes of one message, in the order metadata, replace, add, set, remove, body (config-mcp 3.9). Where an expression fails, <c>set</c>
/// removes the header, so that a client cannot bring along a value of its own; <c>add</c>, <c>replace</c> and metadata are skipped.
/// </summary>
internal sealed class MessageEdits
{
    private readonly (string Name, PolicyExpression Value)[] _metadata;
    private readonly PolicyExpression? _replace;
    private readonly (string Name, PolicyExpression Value)[] _add;
    private readonly (string Name, PolicyExpression Value)[] _set;
    private readonly string[] _remove;

    public MessageEdits(Transformation settings)
    {
        _metadata = Compile(settings.Metadata);
        _replace = PolicyExpression.Of(settings.Replace);
        _add = CompileHeaders(settings.Add);
        _set = CompileHeaders(settings.Set);
        _remove = [.. settings.Remove.Where(name => !name.StartsWith(':'))];
        Body = PolicyExpression.Of(settings.Body);
        foreach (var expression in (IEnumerable<PolicyExpression?>)[.. _metadata.Select(entry => entry.Value), _replace, .. _add.Select(entry => entry.Value), .. _set.Select(entry => entry.Value), Body])
        {
            ReadsRequestBody |= expression is { ReadsRequestBody: true };
            ReadsResponseBody |= expression is { ReadsResponseBody: true };
        }
    }

    public bool ReadsRequestBody { get; }

    public bool ReadsResponseBody { get; }

    /// <summary>Gives the new body, or null when the body stays.</summary>
    public PolicyExpression? Body { get; }

    /// <summary>Changes everything but the body. Returns an error when a value cannot stand where it is put.</summary>
    public GatewayReply? ApplyTo(TransformTarget target, RequestContext context)
    {
        foreach (var (name, expression) in _metadata)
        {
            if (expression.Evaluate(context) is { IsError: false } value)
            {
                context.SetMetadata(name, value);
            }
        }

        return Replace(target, context) ?? Edit(target, context, _add, isSet: false) ?? Edit(target, context, _set, isSet: true) ?? Remove(target);
    }

    /// <summary>
    /// The new body; empty when its expression fails, so that nothing passes that the transformation was to change. False when it fails because the body
    /// that it reads is larger than what is kept of bodies (<c>frontendPolicies.http.maxBufferSize</c>): an empty one would be loss without a word.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="ofRequest">Which body is changed.</param>
    /// <param name="body">The new body.</param>
    public bool TryNewBody(RequestContext context, bool ofRequest, out ReadOnlyMemory<byte> body) =>
        ExpressionText.TryBody(Body!.Evaluate(context), out body)
        || (ofRequest ? !Body.ReadsRequestBody || context.RequestBodyIsWhole : !Body.ReadsResponseBody || context.ResponseBodyIsWhole);

    private static (string, PolicyExpression)[] Compile(EquatableMap<Expression> expressions) =>
        [.. expressions.Select(entry => (entry.Key, new PolicyExpression(entry.Value)))];

    // What frames the body follows from the body: a length that disagrees with it would let one message be read as two.
    private static (string, PolicyExpression)[] CompileHeaders(EquatableMap<Expression> expressions) =>
        [.. expressions.Where(entry => !HopByHop.IsFraming(entry.Key)).Select(entry => (entry.Key, new PolicyExpression(entry.Value)))];

    private static GatewayReply? Edit(TransformTarget target, RequestContext context, (string Name, PolicyExpression Value)[] edits, bool isSet)
    {
        foreach (var (name, expression) in edits)
        {
            var has = ExpressionText.TryHeader(expression.Evaluate(context), out var value);
            if (has && !ExpressionText.IsHeaderSafe(value))
            {
                return Unsafe(name);
            }

            if (name[0] == ':')
            {
                if (has && target.SetPseudo(name, value.ToString()) is { } problem)
                {
                    return GatewayReply.FilterFailed($"transformations: {problem}");
                }
            }
            else if (!has)
            {
                if (isSet)
                {
                    target.Headers.Remove(name);
                }
            }
            else if (TransformTarget.IsAddressee(name))
            {
                if (target.SetPseudo(":authority", value.ToString()) is { } problem)
                {
                    return GatewayReply.FilterFailed($"transformations: {problem}");
                }
            }
            else
            {
                target.Headers[name] = isSet ? value : StringValues.Concat(target.Headers[name], value);
            }
        }

        return null;
    }

    private GatewayReply? Replace(TransformTarget target, RequestContext context)
    {
        if (_replace?.Evaluate(context) is not { Kind: CelKind.Map } map)
        {
            return null;
        }

        var replaced = new List<(string Name, StringValues Value)>();
        foreach (var (key, value) in map.AsMap())
        {
            if (ExpressionText.TryText(key, out var name) && HttpToken.IsValid(name) && !TransformTarget.IsFraming(name) && ExpressionText.TryHeader(value, out var header))
            {
                if (!ExpressionText.IsHeaderSafe(header))
                {
                    return Unsafe(name);
                }

                replaced.Add((name, header));
            }
        }

        var headers = target.Headers;
        foreach (var name in headers.Keys.Where(name => !TransformTarget.IsFraming(name)).ToList())
        {
            headers.Remove(name);
        }

        foreach (var (name, value) in replaced)
        {
            headers[name] = value;
        }

        return null;
    }

    private GatewayReply? Remove(TransformTarget target)
    {
        foreach (var name in _remove)
        {
            target.Headers.Remove(name);
        }

        return null;
    }

    private static GatewayReply Unsafe(string name) => GatewayReply.FilterFailed($"transformations: the value of {name} holds control characters");
}
