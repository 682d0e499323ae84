namespace FhirFacade.Storage.Search.Index;

/// <summary>One row of a type's range table: a date that is not the main one, a number or a quantity.</summary>
/// <param name="Parameter"><see cref="Terms.Parameter"/> of the search parameter; of one part of it for a composite (<see cref="Terms.Part"/>).</param>
/// <param name="Low">The least value: microseconds since 1970 for dates; negative infinity for an open start.</param>
/// <param name="High">The greatest value; for dates the first instant after.</param>
/// <param name="Unit"><see cref="Terms.Unit"/> of the coded unit, if there is one.</param>
/// <param name="UnitCode"><see cref="Terms.UnitCode"/> of the unit's code.</param>
/// <param name="UnitName"><see cref="Terms.UnitCode"/> of the unit's name, where it differs from the code.</param>
/// <param name="Tuple">The number of the tuple in its resource, for a part of a composite.</param>
/// <param name="Key"><see cref="Terms.Tuple"/> of the parts of the tuple that are no ranges.</param>
public sealed record IndexRange(
    int Parameter, double Low, double High, long? Unit = null, long? UnitCode = null, long? UnitName = null, int? Tuple = null, long? Key = null);
