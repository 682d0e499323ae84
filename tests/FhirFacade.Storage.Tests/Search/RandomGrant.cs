using FhirFacade.Fhir.Access;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Grants of every kind: patients, users and systems, granular scopes, and what policies and consents take away again.</summary>
/// <param name="all">What there is.</param>
/// <param name="random">Where chance comes from.</param>
/// <param name="match">A criterion on a type that finds something; null for none.</param>
internal sealed class RandomGrant(NaiveSearch all, Random random, Func<string, string?> match)
{
    private static readonly string[] scopes = ["patient", "patient", "system", "user", "user"];
    private static readonly string[] letters = ["rs", "rs", "rs", "s", "r", "cruds", "cud"];
    private static readonly string[] labels = ["_security=R", "_security=http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R", "_security=R,V"];

    private static readonly string[] maskable =
    [
        "Patient.name", "Patient.birthDate", "Patient.identifier", "Patient.generalPractitioner", "Patient.link", "Observation.value", "Observation.performer", "Observation.code", "Observation.component.value",
        "Observation.subject", "Observation.hasMember", "Encounter.class", "Encounter.participant", "Condition.code", "Condition.onset", "DiagnosticReport.result", "CareTeam.participant", "Practitioner.name",
    ];

    // So many that each is met often: what is left of the resources is worked out once for each.
    public static readonly ElementMask[] Masks = [.. Enumerable.Range(0, 24).Select(seed => new Random(seed)).Select(chosen => ElementMask.Of(Enumerable.Range(0, chosen.Next(1, 4)).Select(_ => maskable[chosen.Next(maskable.Length)])))];

    /// <summary>A grant that more often than not opens something of the type.</summary>
    public AccessGrant Next(string searched)
    {
        var words = Enumerable.Range(0, random.Next(0, 5)).Select(i =>
        {
            var type = i == 0 && Chance(0.8) ? searched : Chance(0.3) ? "*" : Pick(all.Types);
            var filter = Chance(0.3) && type != "*" ? Plain(type) : null;
            return $"{Pick(scopes)}/{type}.{Pick(letters)}{(filter is null ? "" : "?" + filter)}";
        });
        var grant = SearchDatabase.Grant(string.Join(' ', words), Chance(0.8) ? Pick(all.Ids("Patient")) : Chance(0.5) ? null : "nobody") with { User = User(), Denials = [.. Denials(searched)] };
        if (Chance(0.4))
        {
            var mask = Masks[random.Next(Masks.Length)];
            var only = Chance(0.8) ? -1 : random.Next(grant.Rules.Length + 1);
            grant = grant with { Rules = [.. grant.Rules.Select((rule, i) => only < 0 || only == i ? rule with { Masked = mask } : rule)] };
        }

        return Chance(0.1) ? grant with { Rules = [.. grant.Rules.Where(rule => rule.ResourceType is not ("*" or "Patient"))] } : grant;
    }

    private UserReach? User() => random.Next(8) switch
    {
        0 or 1 or 2 => new("Practitioner", Pick(all.Ids("Practitioner")), UserRelation.CareTeam),
        3 => new("Practitioner", Pick(all.Ids("Practitioner")), UserRelation.Organization),
        4 => new("Practitioner", Pick(all.Ids("Practitioner")), UserRelation.Everyone),
        5 => new("Patient", Pick(all.Ids("Patient")), UserRelation.Nobody),
        6 => new("RelatedPerson", Pick(all.Ids("RelatedPerson")), UserRelation.Nobody),
        _ => null,
    };

    private IEnumerable<AccessDenial> Denials(string searched)
    {
        if (Chance(0.4))
        {
            yield return new AccessDenial("*", Interactions.All, null, Pick(labels));
        }

        if (Chance(0.2))
        {
            var type = Chance(0.5) ? searched : Pick(all.Types);
            yield return new AccessDenial(Chance(0.2) ? "*" : type, Chance(0.5) ? Interactions.All : Interactions.Search, Chance(0.5) ? Pick(all.Ids("Patient")) : null, Chance(0.6) ? Plain(type) ?? "status=final" : null);
        }
    }

    private string? Plain(string type) => match(type) is { } filter && filter.IndexOfAny([' ', '%', '+', '_']) < 0 ? filter : null;

    private string Pick(string[] of) => of[random.Next(of.Length)];

    private bool Chance(double of) => random.NextDouble() < of;
}
