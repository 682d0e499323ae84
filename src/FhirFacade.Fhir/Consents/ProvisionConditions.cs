using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Consents;

/// <summary>Reads the conditions of one provision.</summary>
/// <param name="path">Where it stands.</param>
/// <param name="issues">Takes a warning for each condition that is not understood in whole.</param>
internal sealed class ProvisionConditions(string path, ImmutableArray<Issue>.Builder issues)
{
    // Who keeps or wrote the data is not who asks for it.
    private static readonly HashSet<string> NotAskers = ["CST", "AUT", "INF", "SCV", "ENT", "GRANTOR", "CONSENTER", "CONSWIT"];

    /// <summary>Whether a period could not be read.</summary>
    public bool HasUnread { get; private set; }

    /// <summary>The rule with the conditions.</summary>
    public ConsentProvision Read(JsonElement provision, ConsentProvision rule)
    {
        var (validFrom, validTo) = Period(provision, "period"u8, "period");
        var (dataFrom, dataTo) = Period(provision, "dataPeriod"u8, "dataPeriod");
        (rule, var understood) = ProvisionPurposes.Read(provision, rule);
        if (!understood)
        {
            NotUnderstood("purpose");
        }

        rule = rule with
        {
            ValidFrom = validFrom,
            ValidTo = validTo,
            DataFrom = dataFrom,
            DataTo = dataTo,
            Actors = Any(provision, "actor"u8, "actor", Actor),
            Actions = Any(provision, "action"u8, "action", Action),
            Codes = Any<ConsentCode>(provision, "code"u8, "code", concept => [.. concept.Items("coding"u8).SelectMany(coding => Coding(coding).AsEnumerable())]),
            Data = Any(provision, "data"u8, "data", Data),
            Labels = Any(provision, "securityLabel"u8, "securityLabel", Coding),
        };
        return WithClasses(provision, rule);
    }

    private (DateTimeOffset? From, DateTimeOffset? To) Period(JsonElement provision, ReadOnlySpan<byte> name, string element)
    {
        var period = provision.Property(name);
        if (period.ValueKind == JsonValueKind.Undefined)
        {
            return default;
        }

        var (start, end) = (period.Text("start"u8), period.Text("end"u8));
        var (from, to) = (default(DateRange), default(DateRange));
        if ((start is null && end is null) || (start is not null && !DateRange.TryParse(start, out from)) || (end is not null && !DateRange.TryParse(end, out to)))
        {
            HasUnread = true;
            NotUnderstood(element);
        }

        return (from == default ? null : from.Low, to == default ? null : to.High);
    }

    private ConsentTerms<T>? Any<T>(JsonElement provision, ReadOnlySpan<byte> name, string element, Func<JsonElement, ImmutableArray<T>> read)
    {
        if (provision.Property(name).ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        var all = provision.Items(name).Select(item => IsModified(item) ? [] : read(item)).ToList();
        var hasMore = all.Count == 0 || all.Exists(values => values.IsEmpty);
        if (hasMore)
        {
            NotUnderstood(element);
        }

        return new([.. all.SelectMany(values => values)], hasMore);
    }

    private static bool IsModified(JsonElement item) => item.Property("modifierExtension"u8).ValueKind != JsonValueKind.Undefined;

    private static ImmutableArray<string> Actor(JsonElement actor) =>
        !actor.Property("role"u8).Items("coding"u8).Any(coding => coding.Text("code"u8) is { } role && NotAskers.Contains(role))
        && actor.Property("reference"u8).Text("reference"u8) is { } reference && RelativeReference.TryParse(reference, out var local)
            ? [$"{local.Type}/{local.Id}"]
            : [];

    private static ImmutableArray<ConsentActions> Action(JsonElement concept) =>
    [
        .. concept.Items("coding"u8).Where(coding => coding.Text("system"u8) == "http://terminology.hl7.org/CodeSystem/consentaction")
            .Select(coding => coding.Text("code"u8) switch
            {
                "collect" => ConsentActions.Collect,
                "access" or "use" or "disclose" => ConsentActions.Access,
                "correct" => ConsentActions.Correct,
                _ => ConsentActions.None,
            }).Where(action => action != ConsentActions.None),
    ];

    private static ImmutableArray<ConsentCode> Coding(JsonElement coding) =>
        coding.Text("code"u8) is { } code ? [new ConsentCode(coding.Text("system"u8), code)] : [];

    private static ImmutableArray<ConsentData> Data(JsonElement data)
    {
        ConsentDataMeaning? meaning = data.Text("meaning"u8) switch
        {
            "instance" => ConsentDataMeaning.Instance,
            "related" => ConsentDataMeaning.Related,
            "dependents" => ConsentDataMeaning.Dependents,
            "authoredby" => ConsentDataMeaning.AuthoredBy,
            _ => null,
        };
        return meaning is { } known && data.Property("reference"u8).Text("reference"u8) is { } reference && RelativeReference.TryParse(reference, out var local)
            ? [new ConsentData(known, local.Type, local.Id)]
            : [];
    }

    // One list of three kinds: a resource type, a type of document, a profile.
    private ConsentProvision WithClasses(JsonElement provision, ConsentProvision rule)
    {
        if (provision.Property("class"u8).ValueKind == JsonValueKind.Undefined)
        {
            return rule;
        }

        var (types, documents, profiles, hasMore) = (new List<string>(), new List<ConsentCode>(), new List<string>(), !provision.Items("class"u8).Any());
        foreach (var coding in provision.Items("class"u8))
        {
            switch ((coding.Text("system"u8), coding.Text("code"u8)))
            {
                case ("http://hl7.org/fhir/resource-types", { } type) when R4.Definitions.IsResourceType(type):
                    types.Add(type);
                    break;
                case ("http://loinc.org", { } code):
                    documents.Add(new("http://loinc.org", code));
                    break;
                case ("http://hl7.org/fhir/structuredefinition" or "urn:ietf:rfc:3986", { } url) when Uri.TryCreate(url, UriKind.Absolute, out _):
                    profiles.Add(url);
                    break;
                default:
                    hasMore = true;
                    break;
            }
        }

        if (hasMore)
        {
            NotUnderstood("class");
        }

        return rule with { Types = new([.. types], hasMore), DocumentTypes = new([.. documents], hasMore), Profiles = new([.. profiles], hasMore) };
    }

    private void NotUnderstood(string element) => issues.Add(Issue.Warning(
        IssueType.NotSupported, "a condition that is not understood: a denial holds as if it were not there, a permission never", $"{path}.{element}"));
}
