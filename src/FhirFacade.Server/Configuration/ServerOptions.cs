using FhirFacade.Server.Access;
using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Configuration;

/// <summary>
/// Everything an operator can set. Read from <c>fhirfacade.json</c>, then from environment variables
/// (<c>FhirFacade__Storage__ConnectionString</c>), then from the command line; the later source wins.
/// </summary>
public sealed class ServerOptions
{
    /// <summary>The database.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>The listener for FHIR, SMART and health requests.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>The listener for HL7 v2 over MLLP.</summary>
    public MllpOptions Mllp { get; init; } = new();

    /// <summary>What happens to a message once it has been received.</summary>
    public IngestOptions Ingest { get; init; } = new();

    /// <summary>What is known of each feed beyond its messages.</summary>
    public FeedOptions Feeds { get; init; } = new();

    /// <summary>The FHIR API.</summary>
    public RestOptions Rest { get; init; } = new();

    /// <summary>Who may get a token, or which other issuer's tokens are accepted.</summary>
    public SmartOptions Smart { get; init; } = new();

    /// <summary>What clients may see whatever their tokens say.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>
    /// Opens what only a demonstration may have: the <c>demo</c> client, development tokens and
    /// <c>POST /hl7v2</c> from the loopback interface. Never set it where real patients' data is.
    /// </summary>
    public bool Demo { get; init; }

    /// <summary>Directory for what this server keeps on disk (private PostgreSQL, keys, run files).</summary>
    public string DataDirectory { get; init; } = "var";

    /// <summary><see cref="DataDirectory"/> as an absolute path.</summary>
    public string DataPath => Path.GetFullPath(DataDirectory);
}
