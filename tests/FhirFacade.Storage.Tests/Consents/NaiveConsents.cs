using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Consents;
using FhirFacade.Storage.Tests.Search;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Consents;

/// <summary>The consents of the patients of a <see cref="ConsentedHospital"/>, made at random, and what they say of each request.</summary>
internal sealed class NaiveConsents(NaiveSearch naive)
{
    private ImmutableArray<NaiveConsent> consents = [];

    /// <summary>Puts others in place of those that there are.</summary>
    public async Task WriteAsync(TestDatabase database, Random random)
    {
        string[] references = [.. naive.Resources.Select(resource => $"{resource.Type}/{resource.Id}")];
        var made = Enumerable.Range(0, random.Next(1, 9)).Select(i => JsonSerializer.SerializeToElement(new RandomConsent(random, references).Next("consent" + i, "patient" + random.Next(6)))).ToList();
        var current = naive.Resources.ToDictionary(resource => $"{resource.Type}/{resource.Id}", resource => resource.Document);
        consents = [.. made.Select(consent => new NaiveConsent(consent, reference => current.TryGetValue(reference, out var named) ? named : null))];
        await database.ExecuteAsync("delete from consent_rule");
        await using var connection = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ConsentTable.WriteAsync(connection, [.. made.Select(consent => (consent.GetProperty("id").GetString()!, (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(consent)))], TestContext.Current.CancellationToken);
    }

    /// <summary>Whether the consents leave open what a grant opens.</summary>
    public bool Open(NaiveResource resource, AccessGrant grant, bool isDeletion)
    {
        if (PatientCompartment.IsDirectory(resource.Type))
        {
            return true;
        }

        var patients = resource.Membership is PatientMembership.One one && PatientCompartment.Contains(resource.Type) ? [one.PatientId]
            : resource.Values.OfType<ReferenceValue>().Where(v => v.TargetType == "Patient" && SearchParameterSet.BuiltIn.Find(resource.Type, v.Parameter)!.Targets.Contains("Patient"))
                .Select(v => v.TargetId).Distinct().ToList();
        var request = new NaiveRequest(Standing(grant), grant.Purposes.Only, ["access"], DateTimeOffset.UtcNow);
        return patients.Where(patient => grant.Actor != "Patient/" + patient).All(patient =>
        {
            var decisions = consents.Where(consent => consent.Patient == patient).Select(consent => consent.Decide(resource, request, isDeletion)).ToList();
            return !decisions.Exists(decision => decision.HasFlag(Decisions.Deny)) && (grant.Consent == ConsentMode.OptOut || decisions.Contains(Decisions.Permit));
        });
    }

    // Everybody for whom the one who asks stands.
    private HashSet<string> Standing(AccessGrant grant)
    {
        var all = new HashSet<string> { "Device/" + grant.ClientId };
        if (grant.Actor is not { } actor)
        {
            return all;
        }

        all.Add(actor);
        foreach (var role in naive.Resources.Where(r => r.Type == "PractitionerRole" && r.Document.GetProperty("active").GetBoolean() && NaiveConsent.References(r.Document).Contains(actor)))
        {
            all.Add("PractitionerRole/" + role.Id);
            for (var at = NaiveConsent.References(role.Document).Last(); all.Add(at);)
            {
                at = NaiveConsent.References(naive.Resources.First(r => $"{r.Type}/{r.Id}" == at).Document).FirstOrDefault() ?? at;
            }
        }

        // Of the teams, the one that is not active is nobody's, and of the other two one has lost a member.
        all.UnionWith(naive.Resources.Where(r => r.Type == "CareTeam" && r.Document.GetProperty("status").GetString() == "active" && r.Document.GetProperty("participant").EnumerateArray()
            .Any(p => NaiveConsent.References(p).Contains(actor) && !(p.TryGetProperty("period", out var period) && period.GetProperty("end").GetString() == "2020-01-01"))).Select(r => "CareTeam/" + r.Id));
        return all;
    }
}
