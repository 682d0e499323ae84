namespace FhirFacade.Storage.Search.Plan;

/// <summary>How a row of the range table is compared.</summary>
/// <param name="Comparator">The prefix.</param>
/// <param name="Low">Of the searched range: microseconds since 1970 for a date.</param>
/// <param name="High">Its end, the first value after the range.</param>
/// <param name="IsDate">Whether the end of the stored range, too, is the first value after it; that of a number belongs to it.</param>
public sealed record RangeTest(Comparator Comparator, double Low, double High, bool IsDate);

/// <summary>The unit that a quantity must have.</summary>
/// <param name="WithSystem"><see cref="Index.Terms.Unit"/>; null if the search names no system.</param>
/// <param name="Code"><see cref="Index.Terms.UnitCode"/>, compared with code and name of the stored unit if there is no system.</param>
public sealed record UnitTest(long? WithSystem, long Code);

/// <summary>One range of a tuple.</summary>
/// <param name="Parameter"><see cref="Index.Terms.Part"/>, or <see cref="Index.Terms.Canonical"/> of it.</param>
/// <param name="Test">What it is compared with.</param>
/// <param name="Unit">The unit it must have.</param>
public sealed record TuplePart(int Parameter, RangeTest Test, UnitTest? Unit);
