namespace FhirFacade.Server.Rest.Operations;

/// <summary>An operation that has routes: what the router, the CapabilityStatement and the OpenAPI description all say of it.</summary>
/// <param name="Name">Its code, without the dollar sign.</param>
/// <param name="Definition">The canonical url of its OperationDefinition.</param>
/// <param name="Type">The type it is of; null for every type.</param>
/// <param name="Levels">Where it can be called.</param>
/// <param name="ByGet">Whether it changes nothing, so that it can be asked by GET as well as by POST.</param>
internal sealed record OfferedOperation(string Name, string Definition, string? Type, OperationLevels Levels, bool ByGet = true)
{
    /// <summary>Whether it gathers many resources, so that it may be answered later.</summary>
    public bool MayTakeLong => Name is "everything" or "lastn" or "docref" or "document";

    /// <summary>Whether it can be asked by GET there: what is to be validated at a type has to be sent.</summary>
    public bool IsByGet(OperationLevels level) => ByGet && (Name != "validate" || level == OperationLevels.Instance);
}

/// <summary>Where an operation can be called.</summary>
[Flags]
internal enum OperationLevels
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>On the type: <c>[base]/[type]/$name</c>.</summary>
    Type = 1,

    /// <summary>On one resource: <c>[base]/[type]/[id]/$name</c>.</summary>
    Instance = 2,
}
