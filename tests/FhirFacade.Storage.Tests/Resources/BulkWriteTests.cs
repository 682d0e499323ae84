using System.Globalization;
using System.Text.Json;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Npgsql;
using Xunit;

namespace FhirFacade.Storage.Tests.Resources;

/// <summary>Many new resources at once take another way into the tables than few; nobody may be able to tell.</summary>
public sealed class BulkWriteTests
{
    private const int Many = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ResourceWriter Writer(TestDatabase database) => new(database.DataSource, TimeProvider.System);

    [Fact]
    public async Task Rows_of_every_table_are_the_same_whether_they_come_together_or_one_by_one()
    {
        await using var together = await TestCluster.NewDatabaseAsync();
        await using var apart = await TestCluster.NewDatabaseAsync();
        var writes = Resources().ToList();
        await WriteAsync(together, writes);
        foreach (var write in writes)
        {
            await WriteAsync(apart, [write]);
        }

        Assert.Equal(Many * 3L, await together.ScalarAsync<long>("select (select count(*) from r.observation) + (select count(*) from r.patient) + (select count(*) from r.condition)"));
        foreach (var type in new[] { "Observation", "Patient", "Condition" })
        {
            var (bulk, single) = (await RowsAsync(together, type), await RowsAsync(apart, type));
            Assert.NotEmpty(bulk);
            Assert.Equal(single, bulk);
        }
    }

    [Fact]
    public async Task Resources_that_were_deleted_return_together_with_the_next_version()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writes = Resources().ToList();
        await WriteAsync(database, writes);
        await WriteAsync(database, [.. writes.Select(write => new ResourceWrite.Delete(write.Type, write.Id))]);
        var back = await WriteAsync(database, writes);
        Assert.All(back, outcome => Assert.Equal(3, Assert.IsType<WriteOutcome.Created>(outcome).Resource.Version));
        Assert.Equal(2L * writes.Count, await database.ScalarAsync<long>("select count(*) from history"));
        Assert.All(await WriteAsync(database, writes), outcome => Assert.IsType<WriteOutcome.Unchanged>(outcome));
    }

    [Fact]
    public async Task Writers_of_the_same_new_ids_do_not_lose_one_another()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() => WriteAsync(database, [.. Enumerable.Range(0, Many)
            .Select(i => new ResourceWrite.Put("Observation", $"o-{i}", Samples.Observation("p", value: writer)))]))));
        Assert.Equal(Many, outcomes.SelectMany(all => all).Count(outcome => outcome is WriteOutcome.Created));
        Assert.Equal(5 * Many, outcomes.SelectMany(all => all).Count(outcome => outcome is WriteOutcome.Updated));
        Assert.Equal(Many, await database.ScalarAsync<long>("select count(*) from r.observation where version = 6"));
        Assert.Equal(5L * Many, await database.ScalarAsync<long>("select count(*) from history"));
    }

    [Fact]
    public async Task Of_many_new_resources_of_which_the_grant_closes_one_none_is_kept()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await WriteAsync(database, [new ResourceWrite.Put("Patient", "p", Samples.Patient("Own"))]);
        var writes = Enumerable.Range(0, Many).Select(i => ResourceWrite.Create.New("Observation", Samples.Observation(i == 41 ? "other" : "p", value: i))).ToList();
        var outcomes = await Writer(database).InTransactionAsync(Grants.Patient("p"), session => session.WriteAsync([.. writes], Token), Token);
        Assert.IsType<WriteOutcome.Forbidden>(outcomes[41]);
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from r.observation"));
    }

    private static async Task<IReadOnlyList<WriteOutcome?>> WriteAsync(TestDatabase database, IReadOnlyList<ResourceWrite> writes) =>
        await Writer(database).InTransactionAsync(Grants.Everything, session => session.WriteAsync(writes, Token), Token);

    private static IEnumerable<ResourceWrite> Resources()
    {
        for (var i = 0; i < Many; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            yield return Put("Observation", "o" + number, $$$"""
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/p{{{number}}}"},"effectiveDateTime":"19{{{i + 20}}}-0{{{(i % 9) + 1}}}",
                 "code":{"coding":[{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure \"é{{{number}}}"}]},
                 "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":{{{number}}}.5,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}
                """);
            yield return Put("Patient", "p" + number, $$$"""
                {"resourceType":"Patient","name":[{"family":"Müller{{{number}}}","given":["Ann"]}],"birthDate":"1970","identifier":[{"system":"urn:x","value":"{{{number}}}"}]}
                """);
            // No date at all, an open period, a period that has ended.
            yield return Put("Condition", "c" + number, $$$"""
                {"resourceType":"Condition","subject":{"reference":"Patient/p{{{number}}}"},"code":{"text":"Cough"}{{{(i % 3) switch { 0 => "", 1 => ",\"onsetPeriod\":{\"start\":\"2024-01-01T00:00:00.123Z\"}", _ => ",\"onsetPeriod\":{\"end\":\"2024-01-01\"}" }}}}}
                """);
        }
    }

    private static ResourceWrite.Put Put(string type, string id, string json) => new(type, id, JsonElement.Parse(json));

    // Everything of every table but the row's number and the time.
    private static async Task<List<string>> RowsAsync(TestDatabase database, string type)
    {
        var table = ResourceTables.NameOf(type);
        var sql = $"""
            select 'row ' || t.id || (to_jsonb(t) - 'rid' - 'last_updated' - 'doc' - 'patient')::text || (t.doc::jsonb #- array['meta', 'lastUpdated'])::text
              || coalesce((select k.id from patient_key k where k.key = t.patient), 'none') || json_typeof(t.doc) from {table} t
            union all select 'range ' || t.id || (to_jsonb(x) - 'rid')::text from {table} t join {ResourceTables.RangesOf(type)} x using (rid)
            union all select 'text ' || t.id || (to_jsonb(x) - 'rid')::text from {table} t join {ResourceTables.TextsOf(type)} x using (rid)
            union all select 'known ' || to_jsonb(x)::text from index_text x
            """;
        if (FhirFacade.Storage.Search.Index.Postings.Has(type))
        {
            sql += $" union all select 'posting ' || t.id || (to_jsonb(x) - 'rid')::text from {table} t join {ResourceTables.PostingsOf(type)} x using (rid)";
        }

        await using var command = database.DataSource.CreateCommand(sql + " order by 1");
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
