using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Where stored elements came from, and what no mapping reads.</summary>
public sealed class LineageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_version_knows_the_fields_that_its_elements_came_from()
    {
        await using var server = await IngestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.AskAsync(Messages.Admission("LIN-1"));
        await client.AskAsync(Messages.Admission("LIN-2", name: "Quill^Ada"));
        await server.SettledAsync();
        var id = await server.Database.ScalarAsync<string>("select id from r.patient");
        var rows = await server.RowsAsync("LIN-");

        var reader = new LineageReader(server.Database.DataSource);
        var last = Assert.IsType<VersionLineage>(await reader.ReadAsync("Patient", id, null, Stop));
        var first = Assert.IsType<VersionLineage>(await reader.ReadAsync("Patient", id, 1, Stop));
        Assert.Equal((2, rows[1].Id), (last.Version, last.Message));
        Assert.Equal((1, rows[0].Id), (first.Version, first.Message));
        Assert.Contains(("name[]", "PID-5"), last.Fields.Select(f => (f.Element, f.Field.Split('(')[0])));
        Assert.Contains(("birthDate", "PID-7"), last.Fields.Select(f => (f.Element, f.Field.Split('(')[0])));
        Assert.Contains(("id", "PID-3"), last.Fields.Select(f => (f.Element, f.Field.Split('(')[0])));
        var visit = Assert.IsType<VersionLineage>(await reader.ReadAsync("Encounter", await server.Database.ScalarAsync<string>("select id from r.encounter"), null, Stop));
        Assert.Contains(("id", "PV1-19"), visit.Fields.Select(f => (f.Element, f.Field.Split('(')[0])));
        Assert.Contains(("subject", "PID-3"), visit.Fields.Select(f => (f.Element, f.Field.Split('(')[0])));
        Assert.Null(await reader.ReadAsync("Patient", "nobody", null, Stop));
        Assert.Null(await reader.ReadAsync("Patient; drop table lineage", id, null, Stop));

        var (code, text, _) = await HostProcess.RunAsync(
            ["map", "explain", "--resource", $"Patient/{id}"], ("DataDirectory", Path.GetTempPath()), ("Storage__ConnectionString", server.Database.ConnectionString));
        Assert.Equal(0, code);
        Assert.Matches(@"PID-5\S* +-> name\[\]", text);
        Assert.DoesNotContain("Quill", text, StringComparison.Ordinal);
        Assert.Equal(0, await server.Database.ScalarAsync<long>("select count(*) from lineage_shape where elements like $1", "%Quill%"));
    }

    [Fact]
    public async Task Observations_of_one_kind_share_the_shape_of_their_lineage()
    {
        await using var server = await IngestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var message = string.Join("\r",
            [Messages.Admission("SHAPE-1").Split('\r')[0].Replace("ADT^A01^ADT_A01", "ORU^R01^ORU_R01", StringComparison.Ordinal),
            "PID|1||T1^^^TESTHOSPITAL^MR||Quill^Edda", "OBR|1|P1|F1|24323-8^Panel^LN",
            .. Enumerable.Range(1, 30).Select(i => $"OBX|{i}|NM|{i}-8^Test {i}^LN||5.{i}|mmol/L^^UCUM|||||F"), ""]);
        Assert.Equal("AA", (await client.AskAsync(message)).Get("MSA-1").Text);
        await server.SettledAsync();

        Assert.Equal(30, await server.Database.ScalarAsync<long>("select count(*) from lineage where type = 'Observation'"));
        Assert.Equal(1, await server.Database.ScalarAsync<long>("select count(distinct shape) from lineage where type = 'Observation'"));
    }

    [Fact]
    public async Task Nothing_is_kept_where_it_is_switched_off()
    {
        await using var server = await IngestServer.StartAsync(ingest: new IngestOptions { Lineage = false });
        await using var client = await server.ConnectAsync();
        await client.AskAsync(Messages.Admission("OFF-1"));
        Assert.Equal(1, (await server.SettledAsync()).Stored);

        Assert.Equal(0, await server.Database.ScalarAsync<long>("select count(*) from lineage"));
    }

    [Fact]
    public async Task Fields_that_nobody_reads_are_counted_by_field_and_by_sender()
    {
        await using var server = await IngestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var (id, application) in new[] { ("UN-1", "A"), ("UN-2", "A"), ("UN-3", "B") })
        {
            await client.AskAsync(Messages.Admission(id).Replace("|TESTADT|", $"|{application}|", StringComparison.Ordinal) + "ZZZ|1|local\rZZZ|2|local\r");
        }

        await server.SettledAsync();
        var all = await server.Journal.UnmappedAsync(null, bySender: false, 100, Stop);
        var field = Assert.Single(all, f => f.Field == "ZZZ-2");
        Assert.Equal((3L, 6L), (field.Messages, field.Count));
        var ofSenders = await server.Journal.UnmappedAsync(null, bySender: true, 100, Stop);
        Assert.Equal([("A|TESTHOSPITAL", 2L), ("B|TESTHOSPITAL", 1L)], ofSenders.Where(f => f.Field == "ZZZ-2").Select(f => (f.Sender!, f.Messages)));
        Assert.All(await server.Journal.UnmappedAsync("B|TESTHOSPITAL", bySender: false, 100, Stop), f => Assert.Equal(1, f.Messages));

        var (code, text, _) = await HostProcess.RunAsync(
            ["journal", "unmapped", "--by-sender"], ("DataDirectory", Path.GetTempPath()), ("Storage__ConnectionString", server.Database.ConnectionString));
        Assert.Equal(0, code);
        Assert.Matches(@"ZZZ-2 +2 +4 +\d+  A\|TESTHOSPITAL", text);
    }
}
