using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Consents;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Consents;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Tests.Search;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Consents;

/// <summary>
/// Random consents and random requests over random resources, held against <see cref="NaiveConsent"/>: reads, versions, histories, and searches with all that they bring, count
/// and sort by, along every path. A failure names the seed; <c>FHIRFACADE_RANDOM_CONSENTS</c> asks for another number of searches than 2,000.
/// </summary>
public sealed class RandomConsentTests : IAsyncLifetime
{
    private const int SearchesOfOne = 20;
    private const int FirstSeed = 70_000;

    private static readonly DateTimeOffset Begin = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SteppingClock clock = new();
    private readonly List<(NaiveResource Resource, int Version, bool IsDeletion)> versions = [];
    private TestDatabase? database;
    private NaiveSearch? naive;
    private ImmutableArray<NaiveConsent> consents = [];

    private TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    private NaiveSearch Naive => naive ?? throw new InvalidOperationException("Not there yet.");

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, clock);
        var everything = SearchDatabase.Grant("system/*.cruds", null);
        var resources = new ConsentedHospital(20240701).Resources().ToList();
        var stored = new List<(JsonElement, DateTimeOffset)>();
        var count = 0;
        foreach (var resource in resources)
        {
            var type = resource.GetProperty("resourceType").GetString()!;
            var id = resource.GetProperty("id").GetString()!;
            var number = 0;

            // Every third was something else before: often of another patient, otherwise labelled.
            if (count++ % 3 == 0 && resources.Skip(count).FirstOrDefault(other => other.GetProperty("resourceType").GetString() == type) is { ValueKind: JsonValueKind.Object } other && type != "Patient")
            {
                await PutAsync(other, id);
            }

            await PutAsync(resource, id);
            stored.Add((resource, clock.Now));
            if (count % 9 == 0 && type is not ("Organization" or "Practitioner" or "Location"))
            {
                number = 0;
                await PutAsync(resource, id + "-gone");
                clock.Now += TimeSpan.FromMinutes(7);
                Assert.IsType<WriteOutcome.Deleted>(await writer.DeleteAsync(type, id + "-gone", null, everything, CancellationToken.None));
                versions.Add((versions[^1].Resource, 2, true));
            }

            async Task PutAsync(JsonElement content, string as_)
            {
                clock.Now += TimeSpan.FromMinutes(7);
                var named = JsonElement.Parse(ResourceContent.ToBytes(With(content, as_)));
                Assert.False((await writer.UpdateAsync(type, as_, named, null, everything, CancellationToken.None)).IsFailure);
                versions.Add((NaiveResource.Of(named, clock.Now, -1 - versions.Count), ++number, false));
            }
        }

        naive = new NaiveSearch(stored) { Consented = (resource, grant, needed) => IsOpen(resource, grant, isDeletion: false) };
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(ConsentMode.OptOut)]
    [InlineData(ConsentMode.OptIn)]
    public async Task Whatever_patients_say_nothing_is_open_that_a_reading_of_their_consents_does_not_open(ConsentMode mode)
    {
        await Database.ExecuteAsync("analyze");
        var searches = int.Parse(Environment.GetEnvironmentVariable("FHIRFACADE_RANDOM_CONSENTS") ?? "2000", CultureInfo.InvariantCulture) / 2;
        string[] references = [.. Naive.Resources.Select(resource => $"{resource.Type}/{resource.Id}")];
        var (hits, closed) = (0, 0);
        for (var seed = FirstSeed + (int)mode; seed < FirstSeed + (int)mode + (searches / SearchesOfOne * 2); seed += 2)
        {
            var random = new Random(seed);
            await WriteConsentsAsync(random, references);
            AccessGrant Dress(AccessGrant grant) => Dressed(random, mode, grant);
            var oracle = new SearchOracle(Database, Naive, clock) { Dress = Dress };
            hits += await oracle.CompareAllAsync(Enumerable.Range(seed * 100, SearchesOfOne), null, thorough: one => one % 10 == 0);
            foreach (var scope in new[] { "system/*.rs", "patient/*.rs" })
            {
                closed += await CompareReadsAsync(random, Dress(SearchDatabase.Grant(scope, "patient" + random.Next(6).ToString(CultureInfo.InvariantCulture))), $"seed {seed}");
            }
        }

        Assert.True(hits > searches / 20, $"Only {hits} searches found anything.");
        Assert.True(closed > searches / 20, $"Only {closed} resources were closed.");
    }

    private async Task WriteConsentsAsync(Random random, string[] references)
    {
        var made = Enumerable.Range(0, random.Next(1, 9)).Select(i => JsonSerializer.SerializeToElement(new RandomConsent(random, references).Next("consent" + i, "patient" + random.Next(6)))).ToList();
        var current = Naive.Resources.ToDictionary(resource => $"{resource.Type}/{resource.Id}", resource => resource.Document);
        consents = [.. made.Select(consent => new NaiveConsent(consent, reference => current.TryGetValue(reference, out var named) ? named : null))];
        await Database.ExecuteAsync("delete from consent_rule");
        await using var connection = await Database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ConsentTable.WriteAsync(connection, [.. made.Select(consent => (consent.GetProperty("id").GetString()!, (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(consent)))], TestContext.Current.CancellationToken);
    }

    private static AccessGrant Dressed(Random random, ConsentMode mode, AccessGrant grant)
    {
        string?[] actors = [null, "Practitioner/doc0", "Practitioner/doc1", "Practitioner/doc2", "Patient/patient0", "Patient/patient1"];
        string[] purposes = ["TREAT", "ETREAT", "HRESCH", "CLINTRCH", "HPAYMT"];
        return grant with
        {
            Consent = mode,
            ClientId = random.Next(2) == 0 ? "app" : "another",
            Actor = actors[random.Next(actors.Length)],
            Purposes = random.Next(8) == 0 ? PurposesOfUse.Any : PurposesOfUse.Of(purposes[random.Next(purposes.Length)]),
        };
    }

    // How many of those that the scope alone would open were closed.
    private async Task<int> CompareReadsAsync(Random random, AccessGrant grant, string context)
    {
        context += $" {grant.Consent} {grant.Actor} {grant.ClientId} {grant.Purposes} {grant.Rules[0].ToScope()} {grant.PatientId}";
        var (reader, history, cancellation) = (new ResourceReader(Database.DataSource), new HistoryReader(Database.DataSource), TestContext.Current.CancellationToken);
        var closed = 0;
        for (var i = 0; i < 4; i++)
        {
            var (resource, version, isDeletion) = versions[random.Next(versions.Count)];
            var found = await reader.ReadVersionAsync(resource.Type, resource.Id, version, grant, cancellation);
            Assert.True(found is ReadOutcome.NotFound == !IsAllowed(resource, grant, isDeletion), $"{context}: {resource.Type}/{resource.Id}/_history/{version}");
            closed += found is ReadOutcome.NotFound && !IsOpen(resource, grant, isDeletion) ? 1 : 0;
            var newest = versions.Last(one => one.Resource.Type == resource.Type && one.Resource.Id == resource.Id);
            Assert.True(await reader.ReadAsync(resource.Type, resource.Id, grant, cancellation) is ReadOutcome.NotFound == !IsAllowed(newest.Resource, grant, newest.IsDeletion), $"{context}: {resource.Type}/{resource.Id}");
        }

        var type = versions[random.Next(versions.Count)].Resource.Type;
        var page = await history.TypeAsync(type, grant, HistoryRange.All, 500, null, cancellation);
        var expected = versions.Where(one => one.Resource.Type == type && IsAllowed(one.Resource, grant, one.IsDeletion)).Select(one => $"{one.Resource.Id}/{one.Version}").Order(StringComparer.Ordinal);
        var listed = page.Entries.Select(entry => $"{entry.Id}/{entry.Version}").Order(StringComparer.Ordinal);
        Assert.True(expected.SequenceEqual(listed), $"{context}: {type}/_history\nexpected: {string.Join(' ', expected)}\nfound:    {string.Join(' ', listed)}");
        return closed;
    }

    private bool IsAllowed(NaiveResource resource, AccessGrant grant, bool isDeletion)
    {
        Naive.Consented = null;
        var allowed = Naive.Allowed(resource, grant, Interactions.Read);
        Naive.Consented = (one, by, needed) => IsOpen(one, by, isDeletion: false);
        return allowed && IsOpen(resource, grant, isDeletion);
    }

    private bool IsOpen(NaiveResource resource, AccessGrant grant, bool isDeletion)
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
        foreach (var role in Naive.Resources.Where(r => r.Type == "PractitionerRole" && r.Document.GetProperty("active").GetBoolean() && NaiveConsent.References(r.Document).Contains(actor)))
        {
            all.Add("PractitionerRole/" + role.Id);
            for (var at = NaiveConsent.References(role.Document).Last(); all.Add(at);)
            {
                at = NaiveConsent.References(Naive.Resources.First(r => $"{r.Type}/{r.Id}" == at).Document).FirstOrDefault() ?? at;
            }
        }

        // Of the teams, the one that is not active is nobody's, and of the other two one has lost a member.
        all.UnionWith(Naive.Resources.Where(r => r.Type == "CareTeam" && r.Document.GetProperty("status").GetString() == "active" && r.Document.GetProperty("participant").EnumerateArray()
            .Any(p => NaiveConsent.References(p).Contains(actor) && !(p.TryGetProperty("period", out var period) && period.GetProperty("end").GetString() == "2020-01-01"))).Select(r => "CareTeam/" + r.Id));
        return all;
    }

    private static System.Text.Json.Nodes.JsonObject With(JsonElement content, string id)
    {
        var named = System.Text.Json.Nodes.JsonObject.Create(content)!.DeepClone().AsObject();
        named["id"] = id;
        return named;
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
