using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Policies.Callouts;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>The variables of a request, with the answer of the called service as <c>response</c>.</summary>
internal sealed class AnswerVariables(ICelActivation request, CalloutResponse answer) : ICelActivation
{
    private readonly Answer _answer = new(answer);

    public CelValue GetVariable(int slot) => slot == GatewayVariables.Response ? CelValue.FromMap(_answer) : request.GetVariable(slot);

    private sealed class Answer(CalloutResponse answer) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.Response;

        public override CelValue GetMember(int member) => member switch
        {
            ResponseMember.Code => CelValue.FromUint((ulong)answer.Status),
            ResponseMember.Headers => CelValue.FromMap(new Headers(answer)),
            ResponseMember.Body or ResponseMember.BodyPrefix => CelValue.FromBytes(answer.Body),
            _ => default,
        };
    }

    private sealed class Headers(CalloutResponse answer) : HeaderView
    {
        public override int Count => answer.Headers.Count;

        public override HeaderValues Find(string name) => answer.Header(name) is { } value ? new HeaderValues(value) : default;

        public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values)
        {
            if (cursor < answer.Headers.Count)
            {
                (name, var text) = answer.Headers[cursor++];
                values = new HeaderValues(text);
                return true;
            }

            name = "";
            values = default;
            return false;
        }
    }
}
