namespace FhirFacade.Fhir.Terminology;

/// <summary>validate-code (https://hl7.org/fhir/R4/valueset-operation-validate-code.html) without an expansion.</summary>
public static class ValueSetMembership
{
    private const int MaxDepth = 16;

    /// <summary>
    /// Whether a code is in a value set. Null where that cannot be decided: the value set, one that it imports or the code
    /// system is not at hand, or imports lead in a circle.
    /// </summary>
    /// <param name="terminology">What is at hand.</param>
    /// <param name="valueSet">Canonical url of the value set.</param>
    /// <param name="system">The code's system; null for a bare code, which may come from any.</param>
    /// <param name="code">The code.</param>
    public static bool? Contains(this TerminologySet terminology, string valueSet, string? system, string code)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.ValueSet(valueSet) is { } set ? Contains(terminology, set, system, code, 0) : null;
    }

    /// <summary>Whether a code is in a value set that is given.</summary>
    public static bool? Contains(this TerminologySet terminology, ValueSet valueSet, string? system, string code) =>
        Contains(terminology, valueSet, system, code, 0);

    internal static bool? Contains(TerminologySet terminology, ValueSet set, string? system, string code, int depth)
    {
        if (depth > MaxDepth || set.Includes.IsEmpty)
        {
            return null;
        }

        var included = Any(terminology, set.Includes, system, code, depth);
        return included == false || set.Excludes.IsEmpty
            ? included
            : Any(terminology, set.Excludes, system, code, depth) switch { true => false, false => included, null => null };
    }

    private static bool? Any(TerminologySet terminology, IEnumerable<ValueSetPart> parts, string? system, string code, int depth)
    {
        bool? result = false;
        foreach (var part in parts)
        {
            var one = Contains(terminology, part, system, code, depth);
            if (one == true)
            {
                return true;
            }

            result |= one;
        }

        return result;
    }

    private static bool? Contains(TerminologySet terminology, ValueSetPart part, string? system, string code, int depth)
    {
        bool? result = true;
        if (part.System is not null)
        {
            result = system is not null && system != part.System ? false : InSystem(terminology, part, code);
        }

        foreach (var import in part.ValueSets)
        {
            if (result == false)
            {
                break;
            }

            result &= terminology.ValueSet(import) is { } set ? Contains(terminology, set, system, code, depth + 1) : null;
        }

        return result;
    }

    private static bool? InSystem(TerminologySet terminology, ValueSetPart part, string code)
    {
        if (part.Codes.Count > 0)
        {
            return part.Codes.ContainsKey(code);
        }

        if (terminology.CodeSystem(part.System!) is not { } codes)
        {
            return null;
        }

        var result = codes.Contains(code);
        foreach (var filter in part.Filters)
        {
            if (result == false)
            {
                break;
            }

            result &= codes.Passes(code, filter);
        }

        return result;
    }
}
