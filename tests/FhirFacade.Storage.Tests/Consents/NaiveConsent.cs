using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Tests.Search;

namespace FhirFacade.Storage.Tests.Consents;

/// <summary>
/// What a Consent says of a resource and a request, read straight from its JSON: the set of decisions that it may come to, where what is not understood may be either way.
/// It knows nothing of rules, rows and terms.
/// </summary>
internal sealed class NaiveConsent(JsonElement consent, Func<string, JsonElement?> stored)
{
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static readonly string[] Degrees = ["U", "L", "M", "N", "R", "V"];

    // Each code of the tests with what it is a kind of.
    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["TREAT"] = ["TREAT", "PurposeOfUse"], ["ETREAT"] = ["ETREAT", "TREAT", "PurposeOfUse"], ["HRESCH"] = ["HRESCH", "PurposeOfUse"], ["CLINTRCH"] = ["CLINTRCH", "HRESCH", "PurposeOfUse"],
        ["PurposeOfUse"] = ["PurposeOfUse"], ["HPAYMT"] = ["HPAYMT", "PurposeOfUse"], ["PATRQT"] = ["PATRQT", "PurposeOfUse"],
    };

    public string? Patient => Text(consent, "patient", "reference") is { } reference && reference.StartsWith("Patient/", StringComparison.Ordinal) ? reference["Patient/".Length..] : null;

    /// <summary>Everything that it may decide.</summary>
    public Decisions Decide(NaiveResource resource, NaiveRequest request, bool isDeletion)
    {
        var scope = Codes(consent, "scope");
        if (Text(consent, "status") != "active" || scope.SequenceEqual(["treatment"]))
        {
            return Decisions.None;
        }

        if (consent.TryGetProperty("modifierExtension", out _))
        {
            return Decisions.None | Decisions.Deny;
        }

        return Whole(new Asked(resource, request, isDeletion, scope.Contains("research"), !scope.Contains("patient-privacy") && !scope.Contains("research")));
    }

    private Decisions Whole(Asked asked)
    {
        var policy = Codes(consent, "policyRule");
        var (optIn, optOut) = (policy.Contains("OPTIN"), policy.Contains("OPTOUT"));
        if (!consent.TryGetProperty("provision", out var root))
        {
            return Based(asked, optIn ? "permit" : "deny");
        }

        var type = Text(root, "type");
        if (optOut)
        {
            // Denied, except where the root decides otherwise.
            var based = Based(asked, "deny");
            return based == Decisions.None ? based : Within(Decide(root, type ?? "deny", asked, isRoot: true), Decisions.Deny) | (based & Decisions.None);
        }

        if (optIn && type == "deny")
        {
            var times = Holds(root, asked, isRoot: true, only: "period");
            if (root.TryGetProperty("modifierExtension", out _))
            {
                times = Truth.Maybe;
            }

            var based = Based(asked, "permit");
            if (times == Truth.No || based == Decisions.None)
            {
                return Decisions.None;
            }

            return Within(Decide(root, "deny", asked, isRoot: true), Decisions.Permit) | (times == Truth.Maybe ? Decisions.None : 0) | (based & Decisions.None);
        }

        var isBare = root.EnumerateObject().All(p => p.Name is "type" or "provision");
        return Decide(root, type ?? (optIn && isBare ? "permit" : "deny"), asked, isRoot: true);
    }

    // The base of a research consent is for research.
    private static Decisions Based(Asked asked, string type)
    {
        var decision = type == "deny" ? Decisions.Deny : asked.IsUnclear ? Decisions.Permit | Decisions.None : Decisions.Permit;
        return asked.IsResearch ? PurposeHolds(["HRESCH"], asked.Request) switch { Truth.Yes => decision, Truth.Maybe => decision | Decisions.None, _ => Decisions.None } : decision;
    }

    private static Decisions Within(Decisions inner, Decisions outer) => (inner & ~Decisions.None) | (inner.HasFlag(Decisions.None) ? outer : 0);

    private Decisions Decide(JsonElement provision, string? type, Asked asked, bool isRoot)
    {
        if (provision.TryGetProperty("modifierExtension", out _))
        {
            return Decisions.None | Decisions.Deny;
        }

        var truth = Holds(provision, asked, isRoot, only: null);
        if (type is not ("permit" or "deny"))
        {
            type = "deny";
        }

        // A consent whose scope is not understood permits nothing for certain.
        if (asked.IsUnclear && type == "permit" && truth == Truth.Yes)
        {
            truth = Truth.Maybe;
        }

        if (truth == Truth.No)
        {
            return Decisions.None;
        }

        var nested = provision.TryGetProperty("provision", out var list) ? list.EnumerateArray().Select(one => Decide(one, Text(one, "type"), asked, isRoot: false)).ToList() : [];
        var mayAllBeSilent = nested.TrueForAll(one => one.HasFlag(Decisions.None));
        var result = mayAllBeSilent ? type == "permit" ? Decisions.Permit : Decisions.Deny : 0;
        if (nested.Exists(one => one.HasFlag(Decisions.Deny)))
        {
            result |= Decisions.Deny;
        }

        if (nested.Exists(one => one.HasFlag(Decisions.Permit)) && nested.TrueForAll(one => (one & (Decisions.None | Decisions.Permit)) != 0))
        {
            result |= Decisions.Permit;
        }

        return truth == Truth.Maybe ? result | Decisions.None : result;
    }

    private Truth Holds(JsonElement provision, Asked asked, bool isRoot, string? only)
    {
        var truth = Truth.Yes;
        foreach (var condition in provision.EnumerateObject().Where(p => only is null || p.Name == only))
        {
            var one = condition.Name switch
            {
                "period" => PeriodHolds(condition.Value, asked.Request.Now, asked.Request.Now.AddTicks(1)),
                "actor" => Any(condition.Value, actor => Codes(actor, "role").Contains("CST") || Text(actor, "reference", "reference") is not { } reference || reference.Contains(':', StringComparison.Ordinal)
                    ? Truth.Maybe : Of(asked.Request.Actors.Contains(reference))),
                "action" => ActionHolds(condition.Value, asked.Request.Actions),
                "purpose" => PurposeHolds([.. condition.Value.EnumerateArray().Select(coding => Text(coding, "code"))], asked.Request),
                "class" => Any(condition.Value, coding => (Text(coding, "system"), Text(coding, "code")) switch
                {
                    ("http://hl7.org/fhir/resource-types", { } type) => Of(type == asked.Resource.Type),
                    ("http://loinc.org", { } code) => Of(asked.Resource.Type == "DocumentReference" && Codes(asked.Resource.Document, "type").Contains(code)),
                    _ => Truth.Maybe,
                }),
                "code" => Any(condition.Value, concept => !concept.TryGetProperty("coding", out var codings) ? Truth.Maybe
                    : asked.IsDeletion ? Truth.Maybe
                    : Any(codings, coding => Of(HasCoding(asked.Resource.Document, Text(coding, "system"), Text(coding, "code")!)))),
                "data" => Any(condition.Value, data => DataHolds(Text(data, "meaning"), Text(data, "reference", "reference")!, asked)),
                "dataPeriod" => DateHolds(condition.Value, asked.Resource),
                "securityLabel" => LabelsHold(condition.Value, asked.Resource, Text(provision, "type") != "permit"),
                _ => Truth.Yes,
            };
            truth = one < truth ? one : truth;
        }

        if (isRoot && only is null && asked.IsResearch && !provision.TryGetProperty("purpose", out _))
        {
            var research = PurposeHolds(["HRESCH"], asked.Request);
            truth = research < truth ? research : truth;
        }

        return truth;
    }

    private Truth DataHolds(string? meaning, string reference, Asked asked)
    {
        var (own, document) = ($"{asked.Resource.Type}/{asked.Resource.Id}", asked.Resource.Document);
        switch (meaning)
        {
            case "instance":
                return Of(own == reference);
            case "dependents":
                return own == reference ? Truth.Yes : asked.IsDeletion ? Truth.Maybe : Of(References(document).Contains(reference));
            case "related":
                return own == reference ? Truth.Yes : Of(stored(reference) is { } named && References(named).Contains(own));
            default:
                return asked.IsDeletion ? Truth.Maybe
                    : Parts(document, "author", "recorder", "requester").Any(part => References(part).Contains(reference)) ? Truth.Yes
                    : Parts(document, "asserter", "performer", "participant", "agent", "sender", "provider").Any(part => References(part).Contains(reference)) ? Truth.Maybe
                    : Truth.No;
        }
    }

    private static IEnumerable<JsonElement> Parts(JsonElement document, params string[] names) => names.Where(name => document.TryGetProperty(name, out _)).Select(name => document.GetProperty(name));

    private static Truth LabelsHold(JsonElement labels, NaiveResource resource, bool denies)
    {
        var own = resource.Document.TryGetProperty("meta", out var meta) && meta.TryGetProperty("security", out var security)
            ? security.EnumerateArray().Select(coding => (System: Text(coding, "system"), Code: Text(coding, "code")!)).ToList() : [];
        var degrees = own.Where(label => label.System == Confidentiality).Select(label => Array.IndexOf(Degrees, label.Code)).ToList();
        var met = labels.EnumerateArray().Select(label =>
        {
            var (system, code) = (Text(label, "system"), Text(label, "code")!);
            return system == Confidentiality
                ? denies
                    ? degrees.Exists(degree => degree >= Array.IndexOf(Degrees, code)) || (degrees.Count == 0 && Array.IndexOf(Degrees, "N") >= Array.IndexOf(Degrees, code))
                    : degrees.TrueForAll(degree => degree <= Array.IndexOf(Degrees, code)) && (degrees.Count > 0 || Array.IndexOf(Degrees, "N") <= Array.IndexOf(Degrees, code))
                : own.Contains((system, code));
        }).ToList();
        return met.TrueForAll(one => one) ? Truth.Yes : met.Exists(one => one) ? Truth.Maybe : Truth.No;
    }

    private static Truth DateHolds(JsonElement period, NaiveResource resource)
    {
        if (MainDate.Of(resource.Type) is not { } parameter || parameter == "birthdate" || resource.Dates(parameter).ToList() is not [var date])
        {
            return Truth.Maybe;
        }

        return PeriodHolds(period, date.Low, date.High);
    }

    // No: apart; Yes: within; Maybe: partly.
    private static Truth PeriodHolds(JsonElement period, DateTimeOffset low, DateTimeOffset high)
    {
        var from = Text(period, "start") is { } start && DateRange.TryParse(start, out var first) ? first.Low : DateTimeOffset.MinValue;
        var to = Text(period, "end") is { } end && DateRange.TryParse(end, out var last) ? last.High : DateTimeOffset.MaxValue;
        return low >= from && high <= to ? Truth.Yes : low < to && high > from ? Truth.Maybe : Truth.No;
    }

    private static Truth ActionHolds(JsonElement actions, IReadOnlyCollection<string> asked)
    {
        var named = actions.EnumerateArray().SelectMany(action => action.TryGetProperty("coding", out var codings) ? codings.EnumerateArray().Select(coding => Text(coding, "code")) : [null])
            .Select(code => code is "use" or "disclose" ? "access" : code).ToList();
        return asked.All(named.Contains) ? Truth.Yes : asked.Any(named.Contains) || named.Contains(null) ? Truth.Maybe : Truth.No;
    }

    private static Truth PurposeHolds(string?[] named, NaiveRequest request) =>
        request.Purpose is not { } purpose ? Truth.Maybe
        : named.Any(code => code is not null && Kinds[purpose].Contains(code)) ? Truth.Yes
        : named.Any(code => code is null || !Kinds.ContainsKey(code) || Kinds[code].Contains(purpose)) ? Truth.Maybe
        : Truth.No;

    private static Truth Any(JsonElement items, Func<JsonElement, Truth> one) => items.EnumerateArray().Select(one).Max();

    private static Truth Of(bool holds) => holds ? Truth.Yes : Truth.No;

    private static List<string> Codes(JsonElement json, string element) =>
        json.TryGetProperty(element, out var concept) && concept.TryGetProperty("coding", out var codings) ? [.. codings.EnumerateArray().Select(coding => Text(coding, "code")!)] : [];

    private static bool HasCoding(JsonElement json, string? system, string code) => json.ValueKind switch
    {
        JsonValueKind.Object => (Text(json, "code") == code && (system is null || Text(json, "system") == system)) || json.EnumerateObject().Any(p => HasCoding(p.Value, system, code)),
        JsonValueKind.Array => json.EnumerateArray().Any(item => HasCoding(item, system, code)),
        _ => false,
    };

    internal static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => p.Name == "reference" && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static string? Text(JsonElement json, params string[] path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
    }

    private enum Truth
    {
        No,
        Maybe,
        Yes,
    }

    private sealed record Asked(NaiveResource Resource, NaiveRequest Request, bool IsDeletion, bool IsResearch, bool IsUnclear);
}

/// <summary>What a consent may decide.</summary>
[Flags]
internal enum Decisions
{
    None = 1,
    Permit = 2,
    Deny = 4,
}

/// <summary>Who asks: everybody for whom they stand; for what; what they want to do; and when.</summary>
internal sealed record NaiveRequest(IReadOnlySet<string> Actors, string? Purpose, IReadOnlyCollection<string> Actions, DateTimeOffset Now);
