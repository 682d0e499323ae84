using System.Collections.Immutable;
using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Ingest;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Resources;
using FhirFacade.TestSupport;
using FhirFacade.Translation;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Messages of one life, as they happened and in any other order, through the translation and the real store.</summary>
public sealed class EventOrderTests
{
    private const string Tables = "patient encounter observation diagnosticreport servicerequest allergyintolerance condition relatedperson coverage account";

    private static readonly string[] Visit =
    [
        Adt("A05", 1, Pid("4711"), Pv1("P")),
        Adt("A01", 2, Pid("4711", religion: "CAT"), Pv1("I"), "AL1|1|DA|PEN^Penicillin"),
        Adt("A02", 3, Pid("4711"), Pv1("I", "WARD2^201^B")),
        Adt("A12", 4, Pid("4711"), Pv1("I")),
        Adt("A08", 5, Pid("4711", religion: "\"\"", name: "Berg^Ann"), Pv1("I"), "AL1|1|DA|LAT^Latex"),
        Adt("A03", 6, Pid("4711", name: "Berg^Ann"), Pv1("I", discharged: "20240501060000")),
        Adt("A13", 7, Pid("4711", name: "Berg^Ann"), Pv1("I")),
        Adt("A21", 8, Pid("4711", name: "Berg^Ann"), Pv1("I")),
        Adt("A22", 9, Pid("4711", name: "Berg^Ann"), Pv1("I")),
    ];

    private static readonly string[] Results =
    [
        Adt("A01", 1, Pid("4711"), Pv1("I")),
        Oru(2, "P", "5.1"),
        Oru(3, "F", "5.2"),
        Oru(4, "C", "5.3"),
        Oru(5, "W", "5.3"),
    ];

    private static readonly string[] Merges =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("2"), Pv1("I", visit: "V2")),
        Adt("A40", 3, Pid("1"), "MRG|2^^^GH^MR"),
        Adt("A08", 4, Pid("2", name: "Late^Ann"), Pv1("I", visit: "V2")),
        Adt("A40", 5, Pid("1"), "MRG|3^^^GH^MR"),
        Adt("A24", 6, Pid("1"), "PV1|1|N", Pid("7")),
        Adt("A37", 7, Pid("1"), "PV1|1|N", Pid("7")),
    ];

    private static readonly DateTimeOffset Arrived = new(2024, 5, 3, 0, 0, 0, TimeSpan.Zero);
    private static long _messages;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visit_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(Visit);

    [Fact]
    public async Task A_result_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(Results);

    [Fact]
    public async Task Merged_patients_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(Merges);

    [Fact]
    public async Task A_later_event_makes_an_earlier_one_count_no_more()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [Visit[5], Visit[1]]);
        Assert.Equal("finished", await database.ScalarAsync<string>("select doc ->> 'status' from r.encounter"));
        Assert.Equal("Berg", await database.ScalarAsync<string>("select doc #>> '{name,0,family}' from r.patient"));
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from r.allergyintolerance"));
    }

    [Fact]
    public async Task A_feed_that_counts_by_arrival_takes_what_comes_last()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default with { IsOrderedByEvents = false }, [Visit[5], Visit[1]]);
        Assert.Equal("in-progress", await database.ScalarAsync<string>("select doc ->> 'status' from r.encounter"));
    }

    [Fact]
    public async Task What_a_merged_patient_had_follows_and_the_inverse_merge_brings_all_of_it_back()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [.. Merges.Take(3)]);
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(distinct doc #>> '{subject,reference}') from r.encounter"));
        Assert.Equal(
            await database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' = 'true'"),
            await database.ScalarAsync<string>("select distinct substr(doc #>> '{subject,reference}', 9) from r.encounter"));

        await PlayAsync(database, FeedProfile.Default, [Adt("A40", 9, Pid("2"), "MRG|1^^^GH^MR")]);
        Assert.Equal(
            await database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' = 'true'"),
            await database.ScalarAsync<string>("select distinct substr(doc #>> '{subject,reference}', 9) from r.encounter"));
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from r.patient where doc #>> '{link,0,type}' = 'replaced-by'"));
    }

    [Fact]
    public async Task What_still_comes_for_a_merged_patient_is_the_survivors()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [Merges[2], Merges[3], Merges[0]]);
        Assert.Equal(
            await database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' = 'true'"),
            await database.ScalarAsync<string>("select distinct substr(doc #>> '{subject,reference}', 9) from r.encounter"));
    }

    [Fact]
    public async Task A_visit_that_moves_to_another_patient_takes_its_results_with_it()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [Adt("A01", 1, Pid("4711"), Pv1("I")), Oru(2, "F", "5.1"), Adt("A45", 3, Pid("1"), "MRG|4711^^^GH^MR||||V1^^^GH", Pv1("I"))]);
        var patient = await database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.encounter where doc ->> 'status' <> 'entered-in-error'");
        Assert.Equal(patient, await database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.observation"));
        Assert.Equal(patient, await database.ScalarAsync<string>("select 'Patient/' || id from r.patient where doc #>> '{identifier,0,value}' = '1'"));
    }

    [Fact]
    public async Task A_visit_with_another_number_keeps_what_it_had()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [Adt("A01", 1, Pid("4711"), Pv1("I", attending: "7^Doe^J")), Oru(2, "F", "5.1"), Adt("A50", 3, Pid("4711"), "MRG|4711^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V9"))]);
        var visit = await database.ScalarAsync<string>("select id from r.encounter where doc ->> 'status' <> 'entered-in-error'");
        Assert.Equal($"Encounter/{visit}", await database.ScalarAsync<string>("select doc #>> '{encounter,reference}' from r.observation"));
        Assert.Equal("2", await database.ScalarAsync<string>($"select json_array_length(doc -> 'identifier')::text from r.encounter where id = '{visit}'"));
        Assert.NotEqual(0L, await database.ScalarAsync<long>($"select count(*) from r.encounter where id = '{visit}' and doc -> 'participant' is not null"));
    }

    [Fact]
    public async Task A_snapshot_makes_inactive_what_it_no_longer_carries_and_only_that()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var profile = FeedProfile.Default with { SnapshotSegments = ["AL1"] };
        await PlayAsync(database, profile, [Visit[1], Adt("A01", 2, Pid("9"), Pv1("I", visit: "V9"), "AL1|1|DA|NUT"), Visit[4]]);
        Assert.Equal("LAT:active NUT:active PEN:inactive", await AllergiesAsync(database));
        await PlayAsync(database, profile, [Adt("A08", 11, Pid("4711"), Pv1("I"), "AL1|1|DA|PEN^Penicillin")]);
        Assert.Equal("LAT:inactive NUT:active PEN:active", await AllergiesAsync(database));

        await PlayAsync(database, FeedProfile.Default, [Adt("A08", 12, Pid("4711"), Pv1("I"), "AL1|1|DA|LAT^Latex")]);
        Assert.Equal("LAT:active NUT:active PEN:active", await AllergiesAsync(database));
    }

    [Fact]
    public async Task The_two_quotes_delete_one_extension_and_leave_the_others()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [Adt("A01", 1, Pid("4711", religion: "CAT", mother: "Olsen")), Adt("A08", 2, Pid("4711", religion: "\"\""))]);
        Assert.Equal("http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", await database.ScalarAsync<string>("select string_agg(e ->> 'url', ' ') from r.patient, json_array_elements(doc -> 'extension') e"));
    }

    [Fact]
    public async Task Playing_everything_again_makes_no_version()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [.. Visit, .. Results]);
        var before = await StateAsync(database);
        var versions = await database.ScalarAsync<string>("select string_agg(type || version, ' ' order by type, id, version) from history");
        await PlayAsync(database, FeedProfile.Default, [.. Visit, .. Results]);
        Assert.Equal(before, await StateAsync(database));
        Assert.Equal(versions, await database.ScalarAsync<string>("select string_agg(type || version, ' ' order by type, id, version) from history"));
    }

    private static async Task HoldsAsync(string[] messages)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, messages);
        var expected = await StateAsync(database);
        Assert.NotEmpty(expected);
        Prop.ForAll(Gen.Shuffle(messages).ToArbitrary(), order =>
        {
            EmptyAsync(database).GetAwaiter().GetResult();
            PlayAsync(database, FeedProfile.Default, order).GetAwaiter().GetResult();
            Assert.Equal(expected, StateAsync(database).GetAwaiter().GetResult());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private static async Task PlayAsync(TestDatabase database, FeedProfile profile, IEnumerable<string> messages)
    {
        foreach (var text in messages)
        {
            var read = Hl7Message.Parse(Encoding.UTF8.GetBytes(text));
            var id = Interlocked.Increment(ref _messages);
            var outcome = Outcomes.Of(read, Translator.Default.Translate(read.Message!, profile), Arrived.AddSeconds(id));
            await using var connection = await database.DataSource.OpenConnectionAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await FeedWriter.ApplyAsync(connection, transaction, id, outcome.Changes, TimeProvider.System.GetUtcNow(), Token);
            await transaction.CommitAsync(Token);
        }
    }

    // What a client sees of the resources that have a place in time.
    private static async Task<string> StateAsync(TestDatabase database) => await database.ScalarAsync<string>(
        $"select string_agg(row, E'\\n' order by row) from ({string.Join(" union all ", Tables.Split(' ').Select(t => $"select '{t} ' || (doc::jsonb #- '{{meta,versionId}}' #- '{{meta,lastUpdated}}' #- '{{meta,source}}')::text as row from r.{t}"))}) x");

    private static async Task EmptyAsync(TestDatabase database) =>
        await database.ExecuteAsync(string.Concat(Tables.Split(' ').Select(t => $"delete from r.{t}; delete from r.{t}_range; delete from r.{t}_text; ")) + "delete from history; delete from feed_times; delete from feed_move");

    private static async Task<string> AllergiesAsync(TestDatabase database) => await database.ScalarAsync<string>(
        "select string_agg((doc #>> '{code,coding,0,code}') || ':' || (doc #>> '{clinicalStatus,coding,0,code}'), ' ' order by doc #>> '{code,coding,0,code}') from r.allergyintolerance");

    private static string Adt(string trigger, int hour, params string[] segments) =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240502000000||ADT^{trigger}|{trigger}{hour}|P|2.5.1\rEVN|{trigger}|20240501{hour:00}0000\r{string.Join('\r', segments)}\r";

    private static string Oru(int hour, string status, string value) =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240501{hour:00}0000||ORU^R01|R{hour}|P|2.5.1\r{Pid("4711")}\r{Pv1("I")}\rOBR|1|P1^GH|F1^GH|GLU^^L|||||||||||||||||||||{(status == "W" ? "C" : status)}\rOBX|1|NM|GLU^^L||{value}|mmol/L|||||{status}\r";

    private static string Pid(string number, string religion = "", string name = "Miller^Ann", string mother = "") =>
        $"PID|1||{number}^^^GH^MR||{name}|{mother}|||||||||||{religion}";

    private static string Pv1(string patientClass, string bed = "WARD1^101^A", string visit = "V1", string discharged = "", string attending = "") =>
        $"PV1|1|{patientClass}|{bed}||||{attending}||||||||||||{visit}^^^GH|||||||||||||||||||||||||20240501010000|{discharged}";
}
