using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Fhir.Compartments;

/// <summary>The five compartments of R4, for searches within one: https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
/// <remarks>Who may see what is not decided here but by <see cref="PatientCompartment"/>, which is stricter.</remarks>
public static class CompartmentDefinitions
{
    private static readonly FrozenDictionary<string, Lazy<FrozenDictionary<string, ImmutableArray<string>>>> Links =
        new[] { "Patient", "Encounter", "Practitioner", "RelatedPerson", "Device" }
            .ToFrozenDictionary(name => name, name => new Lazy<FrozenDictionary<string, ImmutableArray<string>>>(() => CompartmentFile.ReadR4(name)), StringComparer.Ordinal);

    /// <summary>The types that have a compartment, by name.</summary>
    public static IEnumerable<string> Names => Links.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether resources of the type have a compartment.</summary>
    public static bool Has(string resourceType) => Links.ContainsKey(resourceType);

    /// <summary>The types of which resources can be in the compartment, its own included, by name.</summary>
    public static IEnumerable<string> TypesOf(string compartment) =>
        Links.TryGetValue(compartment, out var links) ? links.Value.Keys.Append(compartment).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal) : [];

    /// <summary>The reference parameters of R4 that put a resource of the type into the compartment; none where nothing does.</summary>
    public static ImmutableArray<SearchParameter> LinkingParameters(string compartment, string resourceType) =>
        Links.TryGetValue(compartment, out var links) && links.Value.TryGetValue(resourceType, out var codes)
            ? [.. codes.Select(code => SearchParameterSet.R4.Find(resourceType, code)).OfType<SearchParameter>().Where(p => p.Type == SearchParameterType.Reference)]
            : [];
}
