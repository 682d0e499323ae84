namespace FhirFacade.Translation.Segments;

/// <summary>The rows of one field (0: rows that need none), values before constants.</summary>
/// <param name="Field">1-based number.</param>
/// <param name="Values">Rows that read the field.</param>
/// <param name="Constants">Rows that apply if one of the others made something.</param>
/// <param name="Renewed">Target objects that each repetition makes anew.</param>
/// <param name="IsAssembly">Message assembly reads the field; it is no loss if no row does.</param>
internal sealed record FieldRows(int Field, MapRow[] Values, MapRow[] Constants, int[] Renewed, bool IsAssembly);
