using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Patch;

/// <summary>A resource as a patch leaves it, or the issues that say why the patch is refused as a whole.</summary>
/// <param name="Resource">The changed resource; null where there are issues. It is not validated: a patch can make a resource invalid.</param>
/// <param name="Issues">Empty where there is a resource.</param>
public sealed record PatchResult(JsonObject? Resource, ImmutableArray<Issue> Issues)
{
    internal static PatchResult Refuse(string code, string rule, string? expression = null) => new(null, [Issue.Error(code, rule, expression)]);
}
