using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Who may do what with which resource, straight from the words of the grant and what the resources say; no table, no index.</summary>
internal sealed class NaiveAccess(NaiveSearch all)
{
    private static readonly string[] directory = ["Practitioner", "PractitionerRole", "Organization", "Location"];

    private readonly Dictionary<UserReach, FrozenSet<string>> reached = [];

    /// <summary>Whether the grant opens the resource.</summary>
    public bool Allows(NaiveResource resource, AccessGrant grant, Interactions needed) =>
        !grant.Purposes.IsNone
        && grant.Rules.Any(rule => (rule.ResourceType == "*" || rule.ResourceType == resource.Type) && (rule.Interactions & needed) == needed && Opens(rule, resource, grant) && (rule.Filter is null || all.Passes(resource, rule.Filter) == true))
        && !grant.Denials.Any(denial => (denial.ResourceType == "*" || denial.ResourceType == resource.Type) && (denial.Interactions & needed) != Interactions.None
            && (denial.PatientId is null || Names(resource, denial.PatientId)) && (denial.Filter is null || all.Passes(resource, denial.Filter) != false));

    private bool Opens(AccessRule rule, NaiveResource resource, AccessGrant grant) => rule.Context switch
    {
        AccessContext.System => true,
        AccessContext.Patient => (rule.PatientId ?? grant.PatientId) is { } patient && (directory.Contains(resource.Type) || IsOf(resource, patient)),
        _ => (rule.Reach ?? grant.User) is { } user && (user.IsEveryone || directory.Contains(resource.Type)
            || (resource.Membership is PatientMembership.One one && (user.Type == "Patient" ? one.PatientId == user.Id : Reached(user).Contains(one.PatientId)))),
    };

    private static bool IsOf(NaiveResource resource, string patient) => resource.Membership is PatientMembership.One one && one.PatientId == patient;

    private static bool Names(NaiveResource resource, string patient) => resource.Type == "Patient"
        ? resource.Id == patient
        : IsOf(resource, patient) || resource.Values.OfType<ReferenceValue>().Any(v => v.TargetType == "Patient" && v.TargetId == patient);

    private FrozenSet<string> Reached(UserReach user)
    {
        if (!reached.TryGetValue(user, out var patients))
        {
            reached[user] = patients = all.Resources.SelectMany(resource => ReachedBy(resource, user)).ToFrozenSet();
        }

        return patients;
    }

    private IEnumerable<string> ReachedBy(NaiveResource resource, UserReach user)
    {
        var (doc, owner) = (resource.Document, resource.Membership is PatientMembership.One one ? one.PatientId : null);
        var organizations = user is { Type: "Practitioner", Relation: UserRelation.Organization } ? Organizations(user) : [];
        var isReached = (user.Type, resource.Type) switch
        {
            ("RelatedPerson", "RelatedPerson") => resource.Id == user.Id && Text(doc, "active") != "False",
            ("Practitioner", "CareTeam") => Text(doc, "status") is null or "active" or "suspended"
                && Items(doc, "participant").Any(p => Reference(p, "member") == user.Reference && !IsOver(p)),
            ("Practitioner", "Encounter") => Text(doc, "status") is not ("cancelled" or "entered-in-error")
                && (Items(doc, "participant").Any(p => Reference(p, "individual") == user.Reference) || organizations.Contains(Reference(doc, "serviceProvider"))),
            ("Practitioner", "Patient") => Items(doc, "generalPractitioner").Any(g => Text(g, "reference") == user.Reference) || organizations.Contains(Reference(doc, "managingOrganization")),
            _ => false,
        };
        return isReached && owner is not null ? [owner] : [];
    }

    private IEnumerable<string?> Organizations(UserReach user) => all.Resources
        .Where(r => r.Type == "PractitionerRole" && Text(r.Document, "active") != "False" && Reference(r.Document, "practitioner") == user.Reference)
        .Select(r => Reference(r.Document, "organization")).Where(reference => all.Resources.Any(r => r.Type == "Organization" && $"Organization/{r.Id}" == reference));

    private static bool IsOver(JsonElement participant) =>
        participant.TryGetProperty("period", out var period) && Text(period, "end") is { } end
        && string.CompareOrdinal(end[..Math.Min(10, end.Length)], DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) < 0;

    private static JsonElement[] Items(JsonElement of, string name) => of.TryGetProperty(name, out var items) ? [.. items.EnumerateArray()] : [];

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static string? Reference(JsonElement of, string name) => of.TryGetProperty(name, out var reference) ? Text(reference, "reference") : null;
}
