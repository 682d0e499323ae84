using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Resources;

public sealed class ResourceReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Who may see the Observation of patient x, the Practitioner, and the MessageHeader.</summary>
    public static TheoryData<string, string?, bool, bool, bool> Sights => new()
    {
        { "system/*.rs", null, true, true, true },
        { "system/Observation.r", null, true, false, false },
        { "system/Observation.s", null, false, false, false },
        { "patient/*.rs", "x", true, true, false },
        { "patient/*.rs", "y", false, true, false },
        { "patient/*.rs", null, false, false, false },
        { "patient/Observation.rs", "x", true, false, false },
        { "patient/Observation.rs", "y", false, false, false },
        { "patient/Patient.rs", "x", false, false, false },
        { "user/*.rs", "x", false, false, false },
        { "", "x", false, false, false },
    };

    [Theory]
    [MemberData(nameof(Sights))]
    public async Task A_grant_sees_what_it_opens_and_nothing_else(string scope, string? patient, bool observation, bool practitioner, bool header)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("x"), null, Grants.Everything, Token);
        await writer.UpdateAsync("Practitioner", "d", Samples.Practitioner("Berg"), null, Grants.Everything, Token);
        await writer.UpdateAsync("MessageHeader", "m", Samples.Parse("""{"resourceType":"MessageHeader","eventUri":"urn:x","source":{"endpoint":"urn:x"}}"""), null, Grants.Everything, Token);
        var grant = new AccessGrant("tests", "tests", patient, SmartScopes.Parse(scope).Rules);

        Assert.Equal(observation, await SeesAsync(database, "Observation", "o", grant));
        Assert.Equal(practitioner, await SeesAsync(database, "Practitioner", "d", grant));
        Assert.Equal(header, await SeesAsync(database, "MessageHeader", "m", grant));
    }

    [Fact]
    public async Task What_was_worked_out_for_one_grant_answers_no_other_and_sees_what_has_changed()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        var reader = new ResourceReader(database.DataSource);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("x"), null, Grants.Everything, Token);
        var (x, y) = (Grants.Patient("x"), Grants.Patient("y"));
        var (xAgain, masked, closed) = (x with { PatientId = "y" }, Rules(x, rule => rule with { Masked = ElementMask.Of("Observation.status") }), x with { Denials = [new("Observation", Interactions.Read)] });
        for (var turn = 0; turn < 3; turn++)
        {
            var found = Assert.IsType<ReadOutcome.Found>(await reader.ReadAsync("Observation", "o", x, Token));
            Assert.Contains("\"final\"", Text(found), StringComparison.Ordinal);
            Assert.DoesNotContain("\"final\"", Text(Assert.IsType<ReadOutcome.Found>(await reader.ReadAsync("Observation", "o", masked, Token))), StringComparison.Ordinal);
            foreach (var other in new[] { y, xAgain, closed, AccessGrant.Nothing })
            {
                Assert.IsType<ReadOutcome.NotFound>(await reader.ReadAsync("Observation", "o", other, Token));
            }

            Assert.IsType<ReadOutcome.NotFound>(await reader.ReadAsync("Observation", "another", x, Token));
            Assert.IsType<ReadOutcome.NotFound>(await reader.ReadAsync("Patient", "o", x, Token));
        }

        await writer.UpdateAsync("Observation", "o", Samples.Observation("y"), null, Grants.Everything, Token);
        Assert.IsType<ReadOutcome.NotFound>(await reader.ReadAsync("Observation", "o", x, Token));
        Assert.IsType<ReadOutcome.Found>(await reader.ReadAsync("Observation", "o", y, Token));
    }

    [Fact]
    public async Task Only_who_could_see_the_last_version_is_told_that_it_is_gone()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("x"), null, Grants.Everything, Token);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("y"), null, Grants.Everything, Token);
        await writer.DeleteAsync("Observation", "o", null, Grants.Everything, Token);

        var reader = new ResourceReader(database.DataSource);
        Assert.Equal(3, Assert.IsType<ReadOutcome.Gone>(await reader.ReadAsync("Observation", "o", Grants.Patient("y"), Token)).Version);
        Assert.IsType<ReadOutcome.NotFound>(await reader.ReadAsync("Observation", "o", Grants.Patient("x"), Token));
    }

    [Fact]
    public async Task A_resource_that_has_come_back_as_somebody_elses_is_not_gone_but_not_found()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("x"), null, Grants.Everything, Token);
        await writer.DeleteAsync("Observation", "o", null, Grants.Everything, Token);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("y"), null, Grants.Everything, Token);
        Assert.IsType<ReadOutcome.NotFound>(await new ResourceReader(database.DataSource).ReadAsync("Observation", "o", Grants.Patient("x"), Token));
    }

    [Fact]
    public async Task Each_version_is_judged_by_its_own_content()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        foreach (var patient in new[] { "x", "y", "x" })
        {
            await writer.UpdateAsync("Observation", "o", Samples.Observation(patient), null, Grants.Everything, Token);
        }

        await writer.DeleteAsync("Observation", "o", null, Grants.Everything, Token);
        var reader = new ResourceReader(database.DataSource);
        var history = new HistoryReader(database.DataSource);
        foreach (var (patient, seen) in new[] { ("x", new[] { 4, 3, 1 }), ("y", [2]), ("z", []) })
        {
            var grant = Grants.Patient(patient);
            for (var version = 1; version <= 4; version++)
            {
                Assert.Equal(seen.Contains(version), await reader.ReadVersionAsync("Observation", "o", version, grant, Token) is not ReadOutcome.NotFound);
            }

            Assert.Equal(seen, (await history.InstanceAsync("Observation", "o", grant, HistoryRange.All, 10, null, Token)).Entries.Select(entry => entry.Version));
            Assert.Equal(seen, (await history.TypeAsync("Observation", grant, HistoryRange.All, 10, null, Token)).Entries.Select(entry => entry.Version));
        }

        Assert.IsType<ReadOutcome.Gone>(await reader.ReadVersionAsync("Observation", "o", 4, Grants.Everything, Token));
        Assert.Empty((await history.InstanceAsync("Observation", "o", Grants.System("system/Observation.s"), HistoryRange.All, 10, null, Token)).Entries);
        Assert.Empty((await history.TypeAsync("Observation", Grants.System("system/Observation.r"), HistoryRange.All, 10, null, Token)).Entries);
    }

    [Fact]
    public async Task Pages_of_a_history_join_without_gap_or_overlap()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        for (var number = 0; number < 30; number++)
        {
            await writer.UpdateAsync("Observation", $"o{number % 7}", Samples.Observation("x", value: number), null, Grants.Everything, Token);
        }

        var history = new HistoryReader(database.DataSource);
        var whole = (await history.TypeAsync("Observation", Grants.Everything, HistoryRange.All, 100, null, Token)).Entries;
        Assert.Equal(30, whole.Length);
        var pages = new List<(string, int)>();
        HistoryCursor? after = null;
        do
        {
            var page = await history.TypeAsync("Observation", Grants.Everything, HistoryRange.All, 4, after, Token);
            pages.AddRange(page.Entries.Select(entry => (entry.Id, entry.Version)));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(whole.Select(entry => (entry.Id, entry.Version)), pages);
        Assert.Equal(whole.OrderByDescending(entry => entry.LastUpdated).Select(entry => entry.LastUpdated), whole.Select(entry => entry.LastUpdated));

        var since = whole[9].LastUpdated;
        Assert.Equal(whole.Count(entry => entry.LastUpdated >= since), (await history.TypeAsync("Observation", Grants.Everything, new HistoryRange(since), 100, null, Token)).Entries.Length);
        Assert.Null((await history.TypeAsync("Observation", Grants.Everything, HistoryRange.All, 30, null, Token)).Next);
    }

    [Theory]
    [InlineData("NoSuchType")]
    [InlineData("Parameters")]
    [InlineData("patient")]
    public async Task Of_a_type_that_is_not_stored_nothing_is_found(string type)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        Assert.IsType<ReadOutcome.NotFound>(await new ResourceReader(database.DataSource).ReadAsync(type, "a", Grants.Everything, Token));
        Assert.IsType<ReadOutcome.NotFound>(await new ResourceReader(database.DataSource).ReadVersionAsync(type, "a", 1, Grants.Everything, Token));
        Assert.Empty((await new HistoryReader(database.DataSource).TypeAsync(type, Grants.Everything, HistoryRange.All, 10, null, Token)).Entries);
    }

    private static AccessGrant Rules(AccessGrant grant, Func<AccessRule, AccessRule> change) => grant with { Rules = [.. grant.Rules.Select(change)] };

    private static string Text(ReadOutcome.Found found) => System.Text.Encoding.UTF8.GetString(found.Resource.Doc.Span);

    private static async Task<bool> SeesAsync(TestDatabase database, string type, string id, AccessGrant grant)
    {
        var outcome = await new ResourceReader(database.DataSource).ReadAsync(type, id, grant, Token);
        return outcome is ReadOutcome.Found || (outcome is ReadOutcome.NotFound ? false : throw new InvalidOperationException(outcome.ToString()));
    }
}
