namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A pattern that is built in.</summary>
public enum BuiltinPattern
{
    /// <summary>US social security number.</summary>
    Ssn,

    /// <summary>Credit card number.</summary>
    CreditCard,

    /// <summary>Phone number.</summary>
    PhoneNumber,

    /// <summary>E-mail address.</summary>
    Email,

    /// <summary>Canadian social insurance number.</summary>
    CaSin,
}
