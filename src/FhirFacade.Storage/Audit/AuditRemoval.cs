using System.Globalization;

namespace FhirFacade.Storage.Audit;

/// <summary>Blocks that were taken out of the trail because they were old.</summary>
/// <param name="Through">The last of them.</param>
/// <param name="Events">How many events they and those before them had.</param>
/// <param name="Hash">Of the last one: the block after it goes on from there.</param>
public sealed record AuditRemoval(long Through, long Events, byte[] Hash)
{
    /// <summary>What the event of the removal says.</summary>
    internal string Target => string.Create(CultureInfo.InvariantCulture, $"{AuditKinds.Removed}{Through}/{Convert.ToHexStringLower(Hash)}");
}
