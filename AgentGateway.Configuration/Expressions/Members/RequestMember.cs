namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>request</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class RequestMember
{
    /// <summary>Request method, such as <c>POST</c>.</summary>
    public const int Method = 0;

    /// <summary>Full request URI; <c>.query(k)</c>, <c>.addQuery(k, v)</c> and <c>.setQuery(k, v)</c> apply.</summary>
    public const int Uri = 1;

    /// <summary>Host the request is for, without the port.</summary>
    public const int Host = 2;

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public const int Scheme = 3;

    /// <summary>Path of the request URI.</summary>
    public const int Path = 4;

    /// <summary>Path and query of the request URI; <c>.query(k)</c>, <c>.addQuery(k, v)</c> and <c>.setQuery(k, v)</c> apply.</summary>
    public const int PathAndQuery = 5;

    /// <summary>Protocol version: <c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public const int Version = 6;

    /// <summary>Request headers, case-insensitive: a string, or a list when repeated.</summary>
    public const int Headers = 7;

    /// <summary>Request body; reading it makes the gateway keep it, up to its buffering limit.</summary>
    public const int Body = 8;

    /// <summary>First bytes of the request body, up to the buffering limit.</summary>
    public const int BodyPrefix = 9;

    /// <summary>When the request arrived.</summary>
    public const int StartTime = 10;

    /// <summary>When the last byte of the response was sent; in logs and traces only.</summary>
    public const int EndTime = 11;
}
