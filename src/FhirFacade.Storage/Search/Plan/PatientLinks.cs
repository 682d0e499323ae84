using System.Collections.Concurrent;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Which references tell whose patient's rows to look among.</summary>
internal static class PatientLinks
{
    private const string Filter = ".where(resolve() is Patient)";

    private static readonly ConcurrentDictionary<(string Type, string Code), bool> Known = new();

    /// <summary>
    /// True if a row that refers to a patient through the parameter belongs to that patient or to nobody (it names others beside, so
    /// that the column <c>patient</c> is null): whatever the parameter finds, the compartment's own parameters find, too.
    /// </summary>
    public static bool Tell(string type, SearchParameter parameter) =>
        // A Patient belongs to itself, whatever it links to.
        type != "Patient" && ReferenceEquals(SearchParameterSet.R4.Find(type, parameter.Code), parameter)
        && Known.GetOrAdd((type, parameter.Code), key => Sides(key.Type, SearchParameterSet.R4.Find(key.Type, key.Code)!) is { Count: > 0 } sides && sides.IsSubsetOf(Linking(key.Type)));

    private static HashSet<string> Linking(string type) =>
        [.. PatientCompartment.LinkingParameters(type).Select(code => SearchParameterSet.R4.Find(type, code)).OfType<SearchParameter>().SelectMany(p => Sides(type, p))];

    // An expression has a side for each type of the parameter.
    private static HashSet<string> Sides(string type, SearchParameter parameter) =>
    [
        .. parameter.Expression.Split('|', StringSplitOptions.TrimEntries).Where(side => side.Split('.')[0].Trim('(') == type)
            .Select(side => side.EndsWith(Filter, StringComparison.Ordinal) ? side[..^Filter.Length] : side),
    ];
}
