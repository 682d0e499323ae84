namespace FhirFacade.Storage.Audit;

/// <summary>What <see cref="AuditRecord.Kind"/> says of events that are no interaction of FHIR's.</summary>
public static class AuditKinds
{
    /// <summary>A request to the authorisation server.</summary>
    public const string Token = "token";

    /// <summary>A message that came in.</summary>
    public const string Message = "message";

    /// <summary>A user, a client, a policy or a setting was changed.</summary>
    public const string Configuration = "configuration";

    /// <summary>Something was done to the trail itself, or happened to it.</summary>
    public const string Trail = "trail";

    /// <summary>The target of an event of the kind <see cref="Trail"/>: events of the spool could not be read; their number follows.</summary>
    public const string LostInSpool = "spool/lost/";

    /// <summary>The target of an event of the kind <see cref="Trail"/>: blocks were taken out because they were old; the number of the last one and its hash follow.</summary>
    public const string Removed = "blocks/removed/";
}
