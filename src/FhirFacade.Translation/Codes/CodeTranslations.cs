using System.Collections.Frozen;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Codes;

/// <summary>What a feed's concept maps make of local codes: (system, code) to codes of other systems, the closest first.</summary>
internal sealed class CodeTranslations(IEnumerable<KeyValuePair<(string? System, string Code), CodeTarget[]>> targets)
{
    private readonly FrozenDictionary<(string? System, string Code), CodeTarget[]> _targets = targets.ToFrozenDictionary();

    /// <summary>The translations, then the codings themselves: nothing is dropped, and nothing said twice.</summary>
    /// <param name="system">URI of the system of the code as it was sent; null if it names none.</param>
    /// <param name="code">The code as it was sent.</param>
    /// <param name="codings">What stands for it so far.</param>
    public JsonObject[] Of(string? system, string code, JsonObject[] codings)
    {
        if (!_targets.TryGetValue((system, code), out var found))
        {
            return codings;
        }

        var all = new List<JsonObject>(found.Length + codings.Length);
        all.AddRange(found.Where(target => !codings.Any(c => IsSame(c, target))).Select(Json));
        all.AddRange(codings);
        return [.. all];
    }

    private static bool IsSame(JsonObject coding, CodeTarget target) => (string?)coding["code"] == target.Code && (string?)coding["system"] == target.System;

    private static JsonObject Json(CodeTarget target)
    {
        var json = new JsonObject();
        if (target.System is not null)
        {
            json["system"] = target.System;
        }

        json["code"] = target.Code;
        if (target.Display is not null)
        {
            json["display"] = target.Display;
        }

        return json;
    }
}
