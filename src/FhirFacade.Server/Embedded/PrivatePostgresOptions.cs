namespace FhirFacade.Server.Embedded;

/// <summary>Where the private PostgreSQL lives and how it is set up.</summary>
/// <param name="Directory">An absolute path; everything of the cluster is under it.</param>
public sealed record PrivatePostgresOptions(string Directory)
{
    /// <summary>Connections that it accepts.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Settings that win over the ones chosen here.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts it again when it dies under us.</summary>
    public bool Supervised { get; init; } = true;
}
