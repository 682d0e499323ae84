namespace FhirFacade.Server.Configuration;

/// <summary>The HTTP listener.</summary>
public sealed class HttpOptions
{
    /// <summary>Scheme, IP address (or <c>localhost</c>) and port to listen on.</summary>
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The address under which clients see this server, where a proxy makes it differ from <see cref="Url"/>.
    /// Without <c>/fhir</c>.
    /// </summary>
    public string? PublicUrl { get; init; }

    /// <summary>Largest request body in bytes; also the largest HL7 v2 batch that <c>POST /hl7v2</c> takes.</summary>
    public long MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Largest sum of a request's header lines in bytes.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>How long a client may take to send its headers.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes a second that a client has to send of a body, and to take of an answer, after five seconds.</summary>
    public int MinBytesPerSecond { get; init; } = 240;

    /// <summary>Connections that are open at the same time.</summary>
    public int MaxConnections { get; init; } = 10_000;
}
