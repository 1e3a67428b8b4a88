namespace AgentGateway.McpFetch.Fetching;

/// <summary>Why a fetch failed. The name, in snake case, is the <c>error.type</c> of the failure counter.</summary>
internal enum FetchFailure
{
    InvalidArgument,
    InvalidUrl,
    AddressRefused,
    HostNotFound,
    ConnectionFailed,
    TlsFailed,
    ProtocolError,
    HttpStatus,
    TooManyRedirects,
    InvalidRedirect,
    Timeout,
    TooLarge,
    UnsupportedEncoding,
    UnsupportedContent,
    OutOfRange,
}
