namespace FhirFacade.Storage.Resources;

/// <summary>What a writer knows of a resource before it writes.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Exists">False if there is no current version: it never existed, or is deleted.</param>
/// <param name="Version">The last version's number, of a deletion too; 0 if it never existed.</param>
/// <param name="LastUpdated">The last version's time.</param>
/// <param name="Hash">The current content's; null if there is none.</param>
/// <param name="Doc">The current version; null if there is none, or if it was not asked for.</param>
internal sealed record StoredRow(string Type, string Id, bool Exists, int Version, DateTimeOffset LastUpdated, byte[]? Hash, byte[]? Doc);
