namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Where a header field lies in the receive buffer, counted from the start of the head.</summary>
internal readonly record struct HeaderSlice(int NameStart, int NameLength, int ValueStart, int ValueLength);
