using FhirFacade.Fhir.Access;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>What the ticks on the consent page come to, as scopes.</summary>
internal static class ConsentChoice
{
    /// <summary>
    /// The scopes that were ticked, of those that were offered. Where all kinds of record were asked for and only some ticked, each
    /// ticked kind is named: a wildcard would bring back what was left out.
    /// </summary>
    /// <param name="ticked">The values of the ticked boxes, as they were sent.</param>
    /// <param name="offered">The scopes that were on the page.</param>
    public static string Of(IEnumerable<string?> ticked, string offered)
    {
        var boxes = ticked.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var words = boxes.Where(box => !box.StartsWith(ConsentPage.OtherKinds, StringComparison.Ordinal)).SelectMany(box => box.Split(' ')).ToList();
        var granted = new List<string>();
        foreach (var word in offered.Split(' '))
        {
            if (SmartScopes.Parse(word).Rules is not [{ ResourceType: AccessRule.AnyType } all])
            {
                granted.AddRange(IsOfTheLaunch(word) ? [word] : Ticked(word));
                continue;
            }
            string Of(string type) => (all with { ResourceType = type }).ToScope();
            var named = ScopeWording.Kinds.Select(kind => Of(kind.Type)).ToList();
            var others = boxes.Contains(ConsentPage.OtherKinds + word);
            granted.AddRange(others && named.TrueForAll(words.Contains) ? [word] : named.SelectMany(Ticked).Concat(others ? ScopeWording.Others.Select(Of) : []));
        }
        // The whole if it is ticked, else its parts that are.
        IEnumerable<string> Ticked(string word) => words.Contains(word) ? [word] : ScopeParts.Of(word).Select(part => part.Scope).Where(words.Contains);

        // Whatever was sent, no more than was offered.
        return ScopeCut.Of(string.Join(' ', granted.Distinct()), offered, AccessContext.Patient, AccessContext.User);
    }

    // These say where the app was opened, and open nothing.
    private static bool IsOfTheLaunch(string word) => word is "launch" or "launch/patient" or "launch/encounter";
}
