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
    private NaiveConsents? consents;

    private TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    private NaiveConsents Consents => consents ?? throw new InvalidOperationException("Not there yet.");

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

        naive = new NaiveSearch(stored);
        consents = new NaiveConsents(naive);
        naive.Consented = (resource, grant, needed) => Consents.Open(resource, grant, isDeletion: false);
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
        var (hits, closed) = (0, 0);
        for (var seed = FirstSeed + (int)mode; seed < FirstSeed + (int)mode + (searches / SearchesOfOne * 2); seed += 2)
        {
            var random = new Random(seed);
            await Consents.WriteAsync(Database, random);
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
            closed += found is ReadOutcome.NotFound && !Consents.Open(resource, grant, isDeletion) ? 1 : 0;
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
        Naive.Consented = (one, by, needed) => Consents.Open(one, by, isDeletion: false);
        return allowed && Consents.Open(resource, grant, isDeletion);
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
