namespace FhirFacade.Fhir.Terminology;

/// <summary>Whether codes are in value sets, without an expansion.</summary>
public static class ValueSetMembership
{
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
        return terminology.ValueSet(valueSet) is { } set ? Contains(terminology, set, system, code) : null;
    }

    /// <summary>Whether a code is in a value set that is given.</summary>
    public static bool? Contains(this TerminologySet terminology, ValueSet valueSet, string? system, string code) =>
        new Walk(terminology, system, code).In(valueSet, 0);

    private sealed class Walk(TerminologySet terminology, string? system, string code)
    {
        private const int MaxDepth = 16;

        // Each set is asked once; one that is on the way is not decided yet, so that circles end.
        private Dictionary<string, bool?>? _asked;

        public bool? In(ValueSet set, int depth)
        {
            if (depth > MaxDepth || set.Includes.IsEmpty)
            {
                return null;
            }

            var included = InAny(set.Includes, depth);
            return included == false || set.Excludes.IsEmpty
                ? included
                : InAny(set.Excludes, depth) switch { true => false, false => included, null => null };
        }

        private bool? InAny(IEnumerable<ValueSetPart> parts, int depth)
        {
            bool? result = false;
            foreach (var part in parts)
            {
                var one = In(part, depth);
                if (one == true)
                {
                    return true;
                }

                result |= one;
            }

            return result;
        }

        private bool? In(ValueSetPart part, int depth)
        {
            bool? result = true;
            if (part.System is not null)
            {
                result = system is not null && system != part.System ? false : InSystem(part);
            }

            foreach (var import in part.ValueSets)
            {
                if (result == false)
                {
                    break;
                }

                result &= Imported(import, depth);
            }

            return result;
        }

        private bool? Imported(string url, int depth)
        {
            _asked ??= new(StringComparer.Ordinal);
            if (!_asked.TryGetValue(url, out var known))
            {
                _asked[url] = null;
                _asked[url] = known = terminology.ValueSet(url) is { } set ? In(set, depth + 1) : null;
            }

            return known;
        }

        private bool? InSystem(ValueSetPart part)
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
}
