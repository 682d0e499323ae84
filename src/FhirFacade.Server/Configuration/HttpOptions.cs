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
}
