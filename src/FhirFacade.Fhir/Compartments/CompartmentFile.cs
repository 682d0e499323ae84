using System.Collections.Immutable;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Compartments;

/// <summary>Reads <c>conformance/r4/compartments.tsv</c>: compartment, resource type, the search parameters that link them.</summary>
internal static class CompartmentFile
{
    public static ImmutableArray<(string Compartment, string Type, ImmutableArray<string> Parameters)> ReadR4() =>
    [
        .. DefinitionFiles.Lines("compartments.tsv").Select(line => line.Split('\t')).Where(columns => columns.Length == 3)
            .Select(columns => (columns[0], columns[1], columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray())),
    ];
}
