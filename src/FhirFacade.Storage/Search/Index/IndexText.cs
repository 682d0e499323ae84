namespace FhirFacade.Storage.Search.Index;

/// <summary>One row of a type's text table: a string as it is sorted and searched by <c>:contains</c>.</summary>
/// <param name="Parameter"><see cref="Terms.Parameter"/> of the search parameter.</param>
/// <param name="Value">Normalised, at most <see cref="StringPrefixes.KeptText"/> characters.</param>
public sealed record IndexText(int Parameter, string Value);
