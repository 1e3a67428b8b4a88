namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>The number inside a connection id of the server, which writes it with the 32 digits <c>0-9A-V</c>.</summary>
internal static class ConnectionNumber
{
    public static long Of(string id)
    {
        ulong number = 0;
        foreach (var c in id)
        {
            var digit = c switch
            {
                >= '0' and <= '9' => c - '0',
                >= 'A' and <= 'V' => c - 'A' + 10,
                _ => 0,
            };
            number = (number << 5) | (uint)digit;
        }

        return (long)(number & long.MaxValue);
    }
}
