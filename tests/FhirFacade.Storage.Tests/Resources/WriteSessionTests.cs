using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.Storage.Tests.Search;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Resources;

/// <summary>A transaction that writes more than once: what it leaves for its end, and what its later writes know of its earlier ones.</summary>
public sealed class WriteSessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transaction_that_brings_a_new_text_keeps_nobody_waiting_who_brings_the_same()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        // The patient's key is made once, and does keep others waiting.
        await writer.CreateAsync("Observation", Samples.Observation("p"), Grants.Everything, Token);
        var written = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        var first = writer.InTransactionAsync(
            Grants.Everything,
            async session =>
            {
                var outcome = await session.WriteAsync(ResourceWrite.Create.New("Observation", Displayed("rare text")), Token);
                written.TrySetResult();
                await finish.Task;
                return outcome;
            },
            Token);
        await written.Task;
        Assert.IsType<WriteOutcome.Created>(await writer.CreateAsync("Observation", Displayed("rare text"), Grants.Everything, Token));
        finish.SetResult();
        Assert.IsType<WriteOutcome.Created>(await first);
        Assert.Equal(3, await database.ScalarAsync<long>("select count(*) from r.observation"));
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from index_text where value = 'rare text'"));
    }

    [Fact]
    public async Task A_search_finds_the_texts_that_its_transaction_has_written()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        var plan = Assert.IsType<PlanOutcome.Planned>(Planner.Plan(SearchDatabase.Query("Observation", "code:text=rare"), Grants.Everything)).Plan;
        var found = await writer.InTransactionAsync(
            Grants.Everything,
            async session =>
            {
                await session.WriteAsync(ResourceWrite.Create.New("Observation", Displayed("rare text")), Token);
                return await session.FindAsync(plan, Token);
            },
            Token);
        Assert.Single(found.Matches);
    }

    [Fact]
    public async Task What_a_transaction_writes_first_gets_the_labels_of_what_it_refers_to_and_writes_later()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        var id = ResourceWrite.Create.NewId();
        var report = Samples.Parse($$"""
            {"resourceType":"DiagnosticReport","status":"final","code":{"text":"panel"},"subject":{"reference":"Patient/p"},"result":[{"reference":"Observation/{{id}}"}]}
            """);
        await writer.InTransactionAsync(
            Grants.Everything,
            async session =>
            {
                await session.WriteAsync([new ResourceWrite.Put("DiagnosticReport", "early", report), new ResourceWrite.Put("Observation", "other", Samples.Observation("p"))], Token);
                return await session.WriteAsync(new ResourceWrite.Create("Observation", id, ResourceImage.Of("Observation", id, Samples.Observation("p", "75622-1"))), Token);
            },
            Token);
        var doc = JsonElement.Parse(Encoding.UTF8.GetBytes(await database.ScalarAsync<string>("select doc::text from r.diagnosticreport where id = 'early'")));
        Assert.Contains(SecurityLabels.In(doc), label => label.Code == "HIV");
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from r.observation where version = 1 and id = 'other'"));
    }

    private static JsonElement Displayed(string display) => Samples.Parse($$$"""
        {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7","display":"{{{display}}}"}]},"subject":{"reference":"Patient/p"}}
        """);
}
