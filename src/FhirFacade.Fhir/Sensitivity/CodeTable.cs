using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Sensitivity;

/// <summary>The codes of one code system, each with the categories that it is in: a bit each. Safe for any number of threads.</summary>
internal sealed class CodeTable
{
    // Patterns are tried once a code; more codes than these are no work of people, and are tried each time.
    private const int Remembered = 50_000;

    private readonly FrozenDictionary<string, ulong> codes;
    private readonly List<(Func<string, bool> Has, ulong Category)> patterns;
    private readonly ulong whole;
    private readonly ConcurrentDictionary<string, ulong> met = new(StringComparer.Ordinal);

    public CodeTable(string system, IEnumerable<(ValueSetPart Part, ulong Category)> parts)
    {
        var listed = new Dictionary<string, ulong>(StringComparer.Ordinal);
        patterns = [];
        foreach (var (part, category) in parts)
        {
            foreach (var code in part.Filters.IsEmpty ? part.Order : [])
            {
                listed[code] = listed.GetValueOrDefault(code) | category;
            }

            if (!part.Filters.IsEmpty)
            {
                var filters = part.Filters.Select(filter => Filter(system, filter)).ToList();
                patterns.Add((code => filters.TrueForAll(has => has(code)) && (part.Order.IsEmpty || part.Order.Contains(code)), category));
            }
            else if (part.Order.IsEmpty)
            {
                whole |= category;
            }
        }

        codes = listed.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The categories of a code.</summary>
    public ulong Of(ReadOnlySpan<char> code)
    {
        codes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(code, out var found);
        return found | whole | (patterns.Count == 0 ? 0 : met.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(code, out var known) ? known : Try(code.ToString()));
    }

    private ulong Try(string code)
    {
        var found = patterns.Aggregate(0ul, (all, pattern) => pattern.Has(code) ? all | pattern.Category : all);
        if (met.Count < Remembered)
        {
            met.TryAdd(code, found);
        }

        return found;
    }

    private static Func<string, bool> Filter(string system, ConceptFilter filter)
    {
        switch (filter.Property, filter.Operator)
        {
            case ("code" or "concept", "regex"):
                var regex = new Regex($@"\A(?:{filter.Value})\z", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
                return regex.IsMatch;
            case ("code" or "concept", "is-a") when IsByPrefix(system):
                var stem = filter.Value.Replace(".", "", StringComparison.Ordinal);
                return code => code.Replace(".", "", StringComparison.Ordinal).StartsWith(stem, StringComparison.OrdinalIgnoreCase);
            default:
                // What lies below is known only where the code system is at hand; the concept itself is meant in any case.
                return code => (filter.Operator == "is-a" && code == filter.Value) || TerminologySet.R4.CodeSystem(system)?.Passes(code, filter) == true;
        }
    }

    private static bool IsByPrefix(string system) => system.Contains("/sid/icd-", StringComparison.Ordinal) || system == "http://www.whocc.no/atc";
}
