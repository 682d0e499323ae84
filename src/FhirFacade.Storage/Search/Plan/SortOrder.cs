using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>One key by which rows are ordered. A resource without the value comes before all others, or last if descending.</summary>
/// <param name="Column">Where the key is.</param>
/// <param name="Parameter">The number of the search parameter in a side table; 0 for a column of the row.</param>
/// <param name="Descending">The greatest first.</param>
/// <param name="Code">The code of the search parameter.</param>
public sealed record SortOrder(SortColumn Column, int Parameter, bool Descending, string Code)
{
    /// <summary>The order that a key of <c>_sort</c> asks for.</summary>
    public static SortOrder Of(string type, SortKey key) => key.Parameter switch
    {
        { Code: "_id" } => new SortOrder(SortColumn.Id, 0, key.Descending, "_id"),
        { Code: "_lastUpdated" } => new SortOrder(SortColumn.LastUpdated, 0, key.Descending, "_lastUpdated"),
        { Type: SearchParameterType.Date, Code: var code } when code == MainDate.Of(type) => new SortOrder(SortColumn.MainDate, 0, key.Descending, code),
        { Type: SearchParameterType.String, Code: var code } => new SortOrder(SortColumn.Text, Terms.Parameter(code), key.Descending, code),
        { Type: SearchParameterType.Token or SearchParameterType.Reference or SearchParameterType.Uri, Code: var code } =>
            new SortOrder(SortColumn.Computed, 0, key.Descending, code),
        { Code: var code } => new SortOrder(SortColumn.Range, Terms.Parameter(code), key.Descending, code),
    };
}

/// <summary>Where a sort key is kept.</summary>
public enum SortColumn
{
    /// <summary>The logical id.</summary>
    Id,

    /// <summary>The version's own time.</summary>
    LastUpdated,

    /// <summary>The start of the main date.</summary>
    MainDate,

    /// <summary>The least (or greatest) start in the range table.</summary>
    Range,

    /// <summary>The first (or last) text in the text table.</summary>
    Text,

    /// <summary>Nowhere: the first (or last) code, reference or uri is read from the resource (<see cref="Execute.ComputedKeys"/>).</summary>
    Computed,
}
