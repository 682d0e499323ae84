namespace FhirFacade.Server.Configuration;

/// <summary>Where the journal and the resources are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>
    /// An Npgsql connection string. Empty: the server starts a private PostgreSQL under
    /// <see cref="ServerOptions.DataDirectory"/>.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>How many stored resources a second are indexed anew where <c>$reindex</c> was asked for, by all servers together; 0 for as many as can be.</summary>
    public int ReindexRowsPerSecond { get; init; } = 2000;
}
