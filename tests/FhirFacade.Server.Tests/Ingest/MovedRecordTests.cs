using FhirFacade.Translation;
using static FhirFacade.Server.Tests.Ingest.EventMessages;
using static FhirFacade.Server.Tests.Ingest.EventSequences;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>What merges, moves and new numbers take with them.</summary>
public sealed class MovedRecordTests
{
    [Fact]
    public async Task What_a_merged_patient_had_follows_and_the_inverse_merge_brings_all_of_it_back()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [.. Merges.Take(3)]);
        Assert.Equal(1L, await feed.Database.ScalarAsync<long>("select count(distinct doc #>> '{subject,reference}') from r.encounter"));
        Assert.Equal(
            await feed.Database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' = 'true'"),
            await feed.Database.ScalarAsync<string>("select distinct substr(doc #>> '{subject,reference}', 9) from r.encounter"));

        await feed.PlayAsync(FeedProfile.Default, [Adt("A40", 9, Pid("2"), "MRG|1^^^GH^MR")]);
        Assert.Equal(
            await feed.Database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' = 'true'"),
            await feed.Database.ScalarAsync<string>("select distinct substr(doc #>> '{subject,reference}', 9) from r.encounter"));
        Assert.Equal(1L, await feed.Database.ScalarAsync<long>("select count(*) from r.patient where doc #>> '{link,0,type}' = 'replaced-by'"));
    }

    [Fact]
    public async Task What_still_comes_for_a_merged_patient_is_the_survivors()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [Merges[2], Merges[3], Merges[0]]);
        Assert.Equal(
            await feed.Database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' = 'true'"),
            await feed.Database.ScalarAsync<string>("select distinct substr(doc #>> '{subject,reference}', 9) from r.encounter"));
    }

    [Fact]
    public async Task A_visit_that_moves_to_another_patient_takes_its_results_with_it()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [Adt("A01", 1, Pid("4711"), Pv1("I")), Oru(2, "F", "5.1"), Adt("A45", 3, Pid("1"), "MRG|4711^^^GH^MR||||V1^^^GH", Pv1("I"))]);
        var patient = await feed.Database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.encounter where doc ->> 'status' <> 'entered-in-error'");
        Assert.Equal(patient, await feed.Database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.observation"));
        Assert.Equal(patient, await feed.Database.ScalarAsync<string>("select 'Patient/' || id from r.patient where doc #>> '{identifier,0,value}' = '1'"));
    }

    [Fact]
    public async Task A_visit_with_another_number_keeps_what_it_had()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [Adt("A01", 1, Pid("4711"), Pv1("I", attending: "7^Doe^J")), Oru(2, "F", "5.1"), Adt("A50", 3, Pid("4711"), "MRG|4711^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V9"))]);
        var visit = await feed.Database.ScalarAsync<string>("select id from r.encounter where doc ->> 'status' <> 'entered-in-error'");
        Assert.Equal($"Encounter/{visit}", await feed.Database.ScalarAsync<string>("select doc #>> '{encounter,reference}' from r.observation"));
        Assert.Equal("2", await feed.Database.ScalarAsync<string>($"select json_array_length(doc -> 'identifier')::text from r.encounter where id = '{visit}'"));
        Assert.NotEqual(0L, await feed.Database.ScalarAsync<long>($"select count(*) from r.encounter where id = '{visit}' and doc -> 'participant' is not null"));
    }

    [Fact]
    public async Task A_patient_with_another_identifier_keeps_what_was_known_and_the_old_identifier_leads_there()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [Adt("A01", 1, Pid("1", religion: "CAT"), Pv1("I")), Adt("A47", 2, Pid("5"), "MRG|1^^^GH^MR"), Adt("A08", 3, Pid("1", name: "Berg^Ann"))]);
        var patient = await feed.Database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' is distinct from 'false'");
        Assert.Equal("5 Berg 1041", await feed.Database.ScalarAsync<string>("select concat_ws(' ', doc #>> '{identifier,0,value}', doc #>> '{name,0,family}', doc #>> '{extension,0,valueCodeableConcept,coding,0,code}') from r.patient where id = $1", patient));
        Assert.Equal($"Patient/{patient}", await feed.Database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.encounter"));
        Assert.Equal($"Patient/{patient} 1", await feed.Database.ScalarAsync<string>("select concat_ws(' ', doc #>> '{link,0,other,reference}', doc #>> '{identifier,0,value}') from r.patient where id <> $1", patient));
    }

    [Fact]
    public async Task An_account_that_moves_takes_its_visits_and_their_results_with_it_and_no_others()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [.. MovedAccounts.Take(4)]);
        var target = await feed.Database.ScalarAsync<string>("select 'Patient/' || id from r.patient where doc #>> '{identifier,0,value}' = '2'");
        Assert.Equal("V1", await feed.Database.ScalarAsync<string>("select string_agg(doc #>> '{identifier,0,value}', ' ') from r.encounter where doc #>> '{subject,reference}' = $1", target));
        Assert.Equal("ACC1", await feed.Database.ScalarAsync<string>("select string_agg(doc #>> '{identifier,0,value}', ' ') from r.account where doc #>> '{subject,0,reference}' = $1", target));
        Assert.Equal(target, await feed.Database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.observation"));
        Assert.Equal(target, await feed.Database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.diagnosticreport"));

        await feed.PlayAsync(FeedProfile.Default, [Adt("A44", 9, Pid("1", account: "ACC1"), "MRG|2^^^GH^MR||ACC1^^^GH")]);
        foreach (var table in (string[])["encounter", "account", "observation", "diagnosticreport"])
        {
            Assert.Equal(0L, await feed.Database.ScalarAsync<long>($"select count(*) from r.{table} where doc::text like '%' || $1 || '%'", target));
        }
    }

    [Fact]
    public async Task What_a_move_takes_to_another_patient_is_seen_by_that_patient_alone()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [.. Filed]);
        var target = await feed.Database.ScalarAsync<string>("select id from r.patient where doc #>> '{identifier,0,value}' = '2'");
        foreach (var table in (string[])["r.encounter", "r.observation", "r.diagnosticreport", "r.servicerequest"])
        {
            Assert.Equal(target, await feed.Database.ScalarAsync<string>($"select string_agg(distinct k.id, ' ') from {table} t join patient_key k on k.key = t.patient"));
        }
    }
}
