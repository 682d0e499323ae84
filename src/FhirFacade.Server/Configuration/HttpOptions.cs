namespace FhirFacade.Server.Configuration;

/// <summary>The HTTP listener.</summary>
public sealed class HttpOptions
{
    /// <summary>Scheme, IP address (or <c>localhost</c>) and port to listen on. With <c>https</c>, <see cref="Tls"/> names the certificate.</summary>
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The address under which clients see this server, where a proxy makes it differ from <see cref="Url"/>.
    /// Without <c>/fhir</c>.
    /// </summary>
    public string? PublicUrl { get; init; }

    /// <summary>The certificate of an <c>https</c> <see cref="Url"/>.</summary>
    public HttpTlsOptions Tls { get; init; } = new();

    /// <summary>A second address, <c>http</c>, on which browsers are only told to come by https. Unset: there is none.</summary>
    public string? RedirectUrl { get; init; }

    /// <summary>How long browsers are to come by https only, once they have (RFC 6797). Zero: they are not told.</summary>
    public TimeSpan Hsts { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// The proxies whose word counts for where a request came from and by which scheme (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>): addresses or
    /// networks such as <c>10.0.0.0/8</c>. Anybody else's word counts for nothing.
    /// </summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

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

    /// <summary>Whether HTTP/2 is offered beside HTTP/1.1 where TLS is spoken (ALPN, RFC 9113 section 3.2). Without TLS there is HTTP/1.1 only.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Requests that one HTTP/2 connection may have under way.</summary>
    public int MaxStreams { get; init; } = 100;
}
