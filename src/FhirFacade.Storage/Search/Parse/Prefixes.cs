using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>The two letters before an ordered value: https://hl7.org/fhir/R4/search.html#prefix</summary>
internal static class Prefixes
{
    /// <summary>Takes the prefix off; a value without one is compared for equality.</summary>
    public static (Comparator Comparator, string Value) Split(string value)
    {
        Comparator? comparator = value.Length < 2 ? null : value[..2] switch
        {
            "eq" => Comparator.Equal,
            "ne" => Comparator.NotEqual,
            "gt" => Comparator.Greater,
            "lt" => Comparator.Less,
            "ge" => Comparator.GreaterOrEqual,
            "le" => Comparator.LessOrEqual,
            "sa" => Comparator.StartsAfter,
            "eb" => Comparator.EndsBefore,
            "ap" => Comparator.Approximately,
            _ => null,
        };
        return comparator is { } found ? (found, value[2..]) : (Comparator.Equal, value);
    }
}
