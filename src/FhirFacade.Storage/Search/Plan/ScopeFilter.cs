namespace FhirFacade.Storage.Search.Plan;

/// <summary>The search inside a granular scope (SMART App Launch 2.x, "finer-grained resource constraints using search parameters").</summary>
public static class ScopeFilter
{
    /// <summary>The filter as a condition; null if any part of it is not understood, or reaches into other resources.</summary>
    public static Predicate? Compile(string type, string filter) => filter.Length == 0 && type.Length == 0 ? new Predicate.Never() : null;
}
