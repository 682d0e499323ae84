using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Compartments;

/// <summary>Reads <c>conformance/r4/compartments.tsv</c>: compartment, resource type, the search parameters that link them.</summary>
internal static class CompartmentFile
{
    public static FrozenDictionary<string, ImmutableArray<string>> ReadR4(string compartment)
    {
        var links = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var line in DefinitionFiles.Lines("compartments.tsv"))
        {
            if (line.Split('\t') is [var name, var type, var parameters] && name == compartment)
            {
                links[type] = [.. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            }
        }

        return links.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
