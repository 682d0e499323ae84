namespace FhirFacade.Storage.Search.Plan;

/// <summary>That resources of a type are, or were once, contained in resources of another.</summary>
/// <param name="Type">What is contained.</param>
/// <param name="ContainerType">What contains it.</param>
public sealed record ContainedIn(string Type, string ContainerType);
