using FhirFacade.Fhir.Access;

namespace FhirFacade.Server.Smart;

/// <summary>Cuts the scopes that somebody asks for down to those that may be given.</summary>
public static class ScopeCut
{
    /// <summary>
    /// What of the requested words is allowed. A resource scope that is allowed as a whole stays as it was written (version 1 or 2), else
    /// what it has in common with the allowed ones takes its place; any other word has to be among the allowed ones.
    /// </summary>
    /// <param name="requested">Space separated.</param>
    /// <param name="allowed">Space separated.</param>
    /// <param name="contexts">Resource scopes of other contexts are left out.</param>
    public static string Of(string requested, string allowed, params AccessContext[] contexts)
    {
        ArgumentNullException.ThrowIfNull(requested);
        ArgumentNullException.ThrowIfNull(allowed);
        var words = Words(allowed);
        var rules = SmartScopes.Parse(allowed).Rules;
        return string.Join(' ', Words(requested).SelectMany(word => Cut(word, words, rules, contexts)).Distinct());
    }

    /// <summary>Whether every word of the one is covered by the other.</summary>
    public static bool Covers(string allowed, string requested) =>
        Of(requested, allowed, AccessContext.Patient, AccessContext.User, AccessContext.System) == string.Join(' ', Words(requested).Distinct());

    /// <summary>Whether the word is among the scopes.</summary>
    public static bool Has(string scope, string word) => Words(scope).Contains(word, StringComparer.Ordinal);

    private static IEnumerable<string> Cut(string word, string[] allowed, IReadOnlyCollection<AccessRule> rules, AccessContext[] contexts)
    {
        if (SmartScopes.Parse(word).Rules is not [var rule])
        {
            return allowed.Contains(word, StringComparer.Ordinal) ? [word] : [];
        }
        if (!contexts.Contains(rule.Context))
        {
            return [];
        }
        var common = SmartScopes.Intersect([rule], rules);
        return common.Contains(rule) ? [word] : common.Select(r => r.ToScope());
    }

    private static string[] Words(string scope) => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
