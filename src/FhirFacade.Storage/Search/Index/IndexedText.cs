namespace FhirFacade.Storage.Search.Index;

/// <summary>A row of the table <c>index_text</c>: the text that a term stands for, once for all resources.</summary>
/// <param name="Term">The term that the rows carry.</param>
/// <param name="Parameter"><see cref="Terms.Parameter"/> of the search parameter.</param>
/// <param name="Value">A coded text in its normal form, or a uri as it stands; at most <see cref="StringPrefixes.KeptText"/> characters.</param>
public sealed record IndexedText(long Term, int Parameter, string Value);
