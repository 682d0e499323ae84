namespace FhirFacade.Server.Configuration;

/// <summary>The path of a message from the journal to the resources.</summary>
public sealed class IngestOptions
{
    /// <summary>
    /// How many messages are translated and stored at the same time; messages of one patient never are. By default one for every
    /// two processors, so that a burst is acknowledged before it is worked off.
    /// </summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Who may use <c>POST /hl7v2</c>. Unset: <see cref="HttpIngestAccess.Token"/>, under Demo <see cref="HttpIngestAccess.Loopback"/>.</summary>
    public HttpIngestAccess? HttpAccess { get; init; }

    /// <summary>IANA or Windows name of the time zone of messages that carry no offset.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The namespace given to identifiers that name no assigning authority (CX.4). Empty: none.</summary>
    public string? DefaultAuthority { get; init; }

    /// <summary>Whether each version that a message makes is stored with the fields that its elements came from: places, never values.</summary>
    public bool Lineage { get; init; } = true;

    /// <summary>
    /// Whether what a message makes claims in <c>meta.profile</c> the US Core profiles to which it conforms. It is validated for that, once for
    /// each shape of content.
    /// </summary>
    public bool UsCore { get; init; } = true;
}

/// <summary>Who may post HL7 v2 messages over HTTP.</summary>
public enum HttpIngestAccess
{
    /// <summary>A bearer of a token that may create and update every resource type (<c>system/*.cu</c>).</summary>
    Token,

    /// <summary>As <see cref="Token"/>, and anyone on the machine itself.</summary>
    Loopback,

    /// <summary>Nobody: the endpoint answers 404.</summary>
    Off,
}
