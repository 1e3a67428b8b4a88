namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>source</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class SourceMember
{
    /// <summary>IP address of the client.</summary>
    public const int Address = 0;

    /// <summary>Port of the client.</summary>
    public const int Port = 1;

    /// <summary>IP address of the TCP peer, before PROXY protocol or forwarded headers.</summary>
    public const int RawAddress = 2;

    /// <summary>Port of the TCP peer.</summary>
    public const int RawPort = 3;

    /// <summary>Identity from the client certificate.</summary>
    public const int Identity = 4;

    /// <summary>SPIFFE id from the client certificate.</summary>
    public const int SpiffeId = 5;

    /// <summary>Subject alternative names of the client certificate.</summary>
    public const int SubjectAltNames = 6;

    /// <summary>Issuer of the client certificate.</summary>
    public const int Issuer = 7;

    /// <summary>Subject of the client certificate.</summary>
    public const int Subject = 8;

    /// <summary>Common name of the subject of the client certificate.</summary>
    public const int SubjectCn = 9;

    /// <summary>Client certificate in PEM.</summary>
    public const int Certificate = 10;

    /// <summary>Workload looked up by the source address; not verified.</summary>
    public const int UnverifiedWorkload = 11;

    /// <summary>Headers of the CONNECT request that opened the tunnel.</summary>
    public const int ConnectHeaders = 12;
}
