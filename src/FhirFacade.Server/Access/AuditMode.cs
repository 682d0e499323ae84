namespace FhirFacade.Server.Access;

/// <summary>What has become of the event of a request before the request is answered.</summary>
public enum AuditMode
{
    /// <summary>There is none: nobody can tell who has seen what.</summary>
    Off,

    /// <summary>It is in a file under the data directory and outlives the process; it stands in the trail within a fraction of a second.</summary>
    Spooled,

    /// <summary>It is on the database's disk: an answer waits for that, however fast the disk is.</summary>
    Durable,
}
