namespace FhirFacade.Server.Configuration;

/// <summary>Where the journal and the resources are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>
    /// An Npgsql connection string. Empty: the server starts a private PostgreSQL under
    /// <see cref="ServerOptions.DataDirectory"/>.
    /// </summary>
    public string? ConnectionString { get; init; }
}
