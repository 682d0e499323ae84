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
    private const string Tables =
        "patient encounter observation diagnosticreport servicerequest allergyintolerance condition relatedperson coverage account appointment documentreference";

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

    private static readonly string[] Called =
    [
        Adt("A05", 1, Pid("4711"), Pv1("P")),
        Adt("A01", 2, Pid("4711"), Pv1("I")),
        Adt("A11", 3, Pid("4711"), Pv1("I")),
        Adt("A04", 4, Pid("4711"), Pv1("O", "ER^1")),
        Adt("A06", 5, Pid("4711"), Pv1("I", "WARD3^1^A")),
        Adt("A02", 6, Pid("4711"), Pv1("I", "WARD2^201^B")),
        Adt("A03", 7, Pid("4711"), Pv1("I", "WARD2^201^B", discharged: "20240501070000")),
        Adt("A13", 8, Pid("4711"), Pv1("I", "WARD2^201^B")),
        Adt("A03", 9, Pid("4711"), Pv1("I", "WARD2^201^B", discharged: "20240501090000")),
        Adt("A08", 10, Pid("4711", name: "Berg^Ann"), Pv1("I", "WARD2^201^B", discharged: "20240501090000")),
    ];

    // A value that is corrected, a status without its value, a result that was wrong, and the order it all answers.
    private static readonly string[] Laboratory =
    [
        Order(1, "NW"),
        Oru(2, "P", "5.1"),
        Oru(3, "U", ""),
        Oru(4, "C", "5.4", second: "OBX|2|NM|NA^^L||140|mmol/L|||||F"),
        Oru(5, "F", "5.5", second: "OBX|2|NM|NA^^L||141|mmol/L|||||D"),
        Oru(6, "X", ""),
        Order(7, "SC"),
    ];

    private static readonly string[] Appointments =
    [
        Siu("S12", 1, "20240601090000", "Booked"),
        Siu("S14", 2, "20240601090000", "Booked", note: "Bring the letter"),
        Siu("S13", 3, "20240602100000", ""),
        Siu("S15", 4, "20240602100000", "Cancelled"),
        Siu("S13", 5, "20240603100000", "Booked"),
        Siu("S26", 6, "20240603100000", "Noshow"),
    ];

    private static readonly string[] Documents =
    [
        Mdm("T02", 1, "D1", "", "PA", "first words"),
        Mdm("T04", 2, "D1", "", "AU", "first words, signed"),
        Mdm("T06", 3, "D2", "D1", "AU", "an addendum"),
        Mdm("T10", 4, "D3", "D1", "AU", "the replacement"),
        Mdm("T08", 5, "D3", "", "LA", "the replacement, edited"),
        Mdm("T11", 6, "D2", "", "CA", ""),
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

    // Two identifiers of one person, by several kinds of merge, with news for both before, between and after.
    private static readonly string[] OldMerges =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("2", name: "Miler^Ann"), Pv1("I", visit: "V2")),
        Oru(3, "F", "5.1", patient: "2", visit: "V2"),
        Adt("A34", 4, Pid("1"), "MRG|2^^^GH^MR"),
        Adt("A08", 5, Pid("2", religion: "CAT"), Pv1("I", visit: "V2")),
        Adt("A18", 6, Pid("3"), "MRG|1^^^GH^MR", "PV1|1|N"),
        Oru(7, "C", "5.2", patient: "2", visit: "V2"),
        Adt("A08", 8, Pid("3", name: "Berg^Ann"), Pv1("I", visit: "V1")),
    ];

    private static readonly string[] InverseMerges =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("2"), Pv1("I", visit: "V2")),
        Adt("A40", 3, Pid("1"), "MRG|2^^^GH^MR"),
        Oru(4, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A40", 5, Pid("2"), "MRG|1^^^GH^MR"),
        Oru(6, "C", "5.3", patient: "1", visit: "V1"),
    ];

    private static readonly string[] MovedAccounts =
    [
        Adt("A01", 1, Pid("1", account: "ACC1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("1", account: "ACC2"), Pv1("I", visit: "V2")),
        Oru(3, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A44", 4, Pid("2", account: "ACC1"), "MRG|1^^^GH^MR||ACC1^^^GH"),
        Oru(5, "C", "5.2", patient: "1", visit: "V1"),
        Adt("A03", 6, Pid("2", account: "ACC1"), Pv1("I", visit: "V1", discharged: "20240501060000")),
        Adt("A49", 7, Pid("1", account: "ACC9"), "MRG|1^^^GH^MR||ACC2^^^GH"),
    ];

    private static readonly string[] MovedVisits =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Oru(2, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A45", 3, Pid("2"), "MRG|1^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V1")),
        Oru(4, "C", "5.2", patient: "1", visit: "V1"),
        Adt("A50", 5, Pid("2"), "MRG|2^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V7")),
        Adt("A03", 6, Pid("2"), Pv1("I", visit: "V7", discharged: "20240501060000")),
        Oru(7, "F", "5.5", patient: "2", visit: "V7"),
    ];

    private static readonly string[] Renumbered =
    [
        Adt("A01", 1, Pid("1", religion: "CAT"), Pv1("I", visit: "V1")),
        Oru(2, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A47", 3, Pid("5"), "MRG|1^^^GH^MR"),
        Adt("A08", 4, Pid("5", name: "Berg^Ann"), Pv1("I", visit: "V1")),
        Adt("A50", 5, Pid("5"), "MRG|5^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V7")),
        Adt("A50", 6, Pid("5"), "MRG|5^^^GH^MR||||V7^^^GH", Pv1("I", visit: "V1")),
        Adt("A47", 7, Pid("1"), "MRG|5^^^GH^MR"),
    ];

    private static readonly string[] Filed =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A28", 2, Pid("2", name: "Other^Eve")),
        Oru(3, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A43", 4, Pid("2", name: "Other^Eve"), "MRG|1^^^GH^MR"),
        Oru(5, "C", "5.2", patient: "1", visit: "V1"),
    ];

    private static readonly FeedProfile Snapshots = FeedProfile.Default with { SnapshotSegments = ["AL1", "DG1", "NK1", "IN1"] };

    private static readonly string[] Shown =
    [
        Adt("A01", 1, Pid("4711"), "NK1|1|Berg^Bo|BRO", Pv1("I"), "AL1|1|DA|PEN^Penicillin", "DG1|1||J18^Pneumonia^I10", "IN1|1|HMO|INS1|Insurer||||||||||||||||||||||||||||||||M1"),
        Adt("A08", 2, Pid("4711"), Pv1("I"), "AL1|1|DA|LAT^Latex", "DG1|1||I10^Hypertension^I10"),
        Adt("A08", 3, Pid("4711"), "NK1|1|Berg^Bo|BRO", Pv1("I"), "AL1|1|DA|PEN^Penicillin", "AL1|2|DA|NUT^Nuts"),
        Adt("A03", 4, Pid("4711"), Pv1("I"), "DG1|1||J18^Pneumonia^I10", "IN1|1|HMO|INS1|Insurer||||||||||||||||||||||||||||||||M1"),
        Adt("A08", 5, Pid("4711"), "NK1|1|Berg^Eva|SIS", Pv1("I"), "AL1|1|DA|LAT^Latex"),
    ];

    private static readonly DateTimeOffset Arrived = new(2024, 5, 3, 0, 0, 0, TimeSpan.Zero);
    private static long _messages;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visit_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(Visit);

    [Fact]
    public async Task A_visit_that_is_called_off_and_begins_anew_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(Called);

    [Fact]
    public async Task A_result_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(Results);

    [Fact]
    public async Task An_order_and_its_results_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(Laboratory);

    [Fact]
    public async Task An_appointment_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(Appointments);

    [Fact]
    public async Task Documents_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(Documents);

    [Fact]
    public async Task Merged_patients_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(Merges);

    [Fact]
    public async Task Patients_merged_one_into_the_next_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(OldMerges);

    [Fact]
    public async Task A_merge_and_its_inverse_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(InverseMerges);

    [Fact]
    public async Task Accounts_that_move_or_get_another_number_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(MovedAccounts);

    [Fact]
    public async Task A_visit_that_moves_and_gets_another_number_ends_in_the_same_state_in_whatever_order_its_messages_come() => await HoldsAsync(MovedVisits);

    [Fact]
    public async Task Numbers_that_change_and_change_back_end_in_the_same_state_in_whatever_order_their_messages_come() => await HoldsAsync(Renumbered);

    [Fact]
    public async Task What_was_filed_under_a_wrong_patient_ends_with_the_right_one_in_whatever_order_its_messages_come() => await HoldsAsync(Filed);

    [Fact]
    public async Task Snapshots_end_in_the_same_state_in_whatever_order_they_come() => await HoldsAsync(Shown, Snapshots);

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
    public async Task A_patient_with_another_identifier_keeps_what_was_known_and_the_old_identifier_leads_there()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [Adt("A01", 1, Pid("1", religion: "CAT"), Pv1("I")), Adt("A47", 2, Pid("5"), "MRG|1^^^GH^MR"), Adt("A08", 3, Pid("1", name: "Berg^Ann"))]);
        var patient = await database.ScalarAsync<string>("select id from r.patient where doc ->> 'active' is distinct from 'false'");
        Assert.Equal("5 Berg 1041", await database.ScalarAsync<string>("select concat_ws(' ', doc #>> '{identifier,0,value}', doc #>> '{name,0,family}', doc #>> '{extension,0,valueCodeableConcept,coding,0,code}') from r.patient where id = $1", patient));
        Assert.Equal($"Patient/{patient}", await database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.encounter"));
        Assert.Equal($"Patient/{patient} 1", await database.ScalarAsync<string>("select concat_ws(' ', doc #>> '{link,0,other,reference}', doc #>> '{identifier,0,value}') from r.patient where id <> $1", patient));
    }

    [Fact]
    public async Task An_account_that_moves_takes_its_visits_and_their_results_with_it_and_no_others()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [.. MovedAccounts.Take(4)]);
        var target = await database.ScalarAsync<string>("select 'Patient/' || id from r.patient where doc #>> '{identifier,0,value}' = '2'");
        Assert.Equal("V1", await database.ScalarAsync<string>("select string_agg(doc #>> '{identifier,0,value}', ' ') from r.encounter where doc #>> '{subject,reference}' = $1", target));
        Assert.Equal("ACC1", await database.ScalarAsync<string>("select string_agg(doc #>> '{identifier,0,value}', ' ') from r.account where doc #>> '{subject,0,reference}' = $1", target));
        Assert.Equal(target, await database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.observation"));
        Assert.Equal(target, await database.ScalarAsync<string>("select doc #>> '{subject,reference}' from r.diagnosticreport"));

        await PlayAsync(database, FeedProfile.Default, [Adt("A44", 9, Pid("1", account: "ACC1"), "MRG|2^^^GH^MR||ACC1^^^GH")]);
        foreach (var table in (string[])["encounter", "account", "observation", "diagnosticreport"])
        {
            Assert.Equal(0L, await database.ScalarAsync<long>($"select count(*) from r.{table} where doc::text like '%' || $1 || '%'", target));
        }
    }

    [Fact]
    public async Task What_a_move_takes_to_another_patient_is_seen_by_that_patient_alone()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, FeedProfile.Default, [.. Filed]);
        var target = await database.ScalarAsync<string>("select id from r.patient where doc #>> '{identifier,0,value}' = '2'");
        foreach (var table in (string[])["r.encounter", "r.observation", "r.diagnosticreport", "r.servicerequest"])
        {
            Assert.Equal(target, await database.ScalarAsync<string>($"select string_agg(distinct k.id, ' ') from {table} t join patient_key k on k.key = t.patient"));
        }
    }

    [Fact]
    public async Task Of_two_messages_with_one_time_the_one_that_came_in_later_counts_also_when_the_first_is_processed_again()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        string[] messages = [Adt("A08", 1, Pid("4711", name: "First^Ann")), Adt("A31", 1, Pid("4711", name: "Second^Ann"))];
        var first = _messages + 1;
        await PlayAsync(database, FeedProfile.Default, messages);
        var version = await database.ScalarAsync<int>("select version from r.patient");
        Interlocked.Exchange(ref _messages, first - 1);
        await PlayAsync(database, FeedProfile.Default, messages);
        Assert.Equal("Second", await database.ScalarAsync<string>("select doc #>> '{name,0,family}' from r.patient"));
        Assert.Equal(version, await database.ScalarAsync<int>("select version from r.patient"));
    }

    [Fact]
    public async Task A_doctor_whom_messages_name_in_turn_by_two_names_gets_no_new_version_when_they_are_processed_again()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        string[] messages = [.. Enumerable.Range(1, 5).Select(hour => Adt("A08", hour, Pid("4711"), Pv1("I", attending: hour % 2 == 0 ? "7^Doe^Jane" : "7^Doe^J")))];
        var first = _messages;
        await PlayAsync(database, FeedProfile.Default, messages);
        Assert.Equal(5, await database.ScalarAsync<int>("select version from r.practitioner"));
        Interlocked.Exchange(ref _messages, first);
        await PlayAsync(database, FeedProfile.Default, messages);
        Assert.Equal(5, await database.ScalarAsync<int>("select version from r.practitioner"));
    }

    [Fact]
    public async Task A_late_snapshot_removes_nothing_newer_and_a_late_message_adds_nothing_that_a_newer_snapshot_removed()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, Snapshots, [Shown[3], Shown[1], Shown[0]]);
        Assert.Equal("I10:active J18:active", await database.ScalarAsync<string>("select string_agg((doc #>> '{code,coding,0,code}') || ':' || (doc #>> '{clinicalStatus,coding,0,code}'), ' ' order by doc #>> '{code,coding,0,code}') from r.condition"));
        Assert.Equal("active", await database.ScalarAsync<string>("select doc ->> 'status' from r.coverage"));
        Assert.Equal("LAT:active PEN:inactive", await AllergiesAsync(database));
        Assert.Equal("false", await database.ScalarAsync<string>("select doc ->> 'active' from r.relatedperson"));

        await PlayAsync(database, Snapshots, [Shown[4], Shown[2]]);
        Assert.Equal("LAT:active NUT:inactive PEN:inactive", await AllergiesAsync(database));
        Assert.Equal("cancelled", await database.ScalarAsync<string>("select doc ->> 'status' from r.coverage"));
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

    private static async Task HoldsAsync(string[] messages, FeedProfile? profile = null)
    {
        profile ??= FeedProfile.Default;
        await using var database = await TestCluster.NewDatabaseAsync();
        await PlayAsync(database, profile, messages);
        var expected = await StateAsync(database);
        Assert.NotEmpty(expected);
        Prop.ForAll(Gen.Shuffle(messages).ToArbitrary(), order =>
        {
            EmptyAsync(database).GetAwaiter().GetResult();
            PlayAsync(database, profile, order).GetAwaiter().GetResult();
            Assert.Equal(expected, StateAsync(database).GetAwaiter().GetResult());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
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
        await database.ExecuteAsync(string.Concat(Tables.Split(' ').Select(t => $"delete from r.{t}; delete from r.{t}_range; delete from r.{t}_text; ")) + "delete from history; delete from feed_times; delete from feed_move; delete from feed_snapshot");

    private static async Task<string> AllergiesAsync(TestDatabase database) => await database.ScalarAsync<string>(
        "select string_agg((doc #>> '{code,coding,0,code}') || ':' || (doc #>> '{clinicalStatus,coding,0,code}'), ' ' order by doc #>> '{code,coding,0,code}') from r.allergyintolerance");

    private static string Adt(string trigger, int hour, params string[] segments) =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240502000000||ADT^{trigger}|{trigger}{hour}|P|2.5.1\rEVN|{trigger}|20240501{hour:00}0000\r{string.Join('\r', segments)}\r";

    private static string Oru(int hour, string status, string value, string patient = "4711", string visit = "V1", string second = "") =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240501{hour:00}0000||ORU^R01|R{hour}|P|2.5.1\r{Pid(patient)}\r{Pv1("I", visit: visit)}\rOBR|1|P1^GH|F1^GH|GLU^^L|||||||||||||||||||||{(status is "W" or "U" ? "C" : status)}\rOBX|1|NM|GLU^^L||{value}|mmol/L|||||{status}\r{(second.Length > 0 ? second + "\r" : "")}";

    private static string Order(int hour, string control) =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240501{hour:00}0000||ORM^O01|O{hour}|P|2.5.1\r{Pid("4711")}\r{Pv1("I")}\rORC|{control}|P1^GH|F1^GH||{(control == "NW" ? "" : "CM")}\rOBR|1|P1^GH|F1^GH|GLU^^L\r";

    private static string Siu(string trigger, int hour, string start, string status, string note = "") =>
        $"MSH|^~\\&|SCH|GH|FF|GH|20240501{hour:00}0000||SIU^{trigger}|S{hour}|P|2.5.1\rSCH|A1^GH|B1^GH|||||CHECK^Checkup||30|min|^^30^{start}||||||||||||||{status}\r{(note.Length > 0 ? $"NTE|1||{note}\r" : "")}{Pid("4711")}\rRGS|1|A\rAIP|1|A|7^Doe^J\r";

    private static string Mdm(string trigger, int hour, string number, string parent, string status, string text) =>
        $"MSH|^~\\&|DOC|GH|FF|GH|20240501{hour:00}0000||MDM^{trigger}|D{hour}|P|2.5.1\rEVN|{trigger}|20240501{hour:00}0000\r{Pid("4711")}\r{Pv1("I")}\rTXA|1|DS|TX|20240501{hour:00}0000||||||||{number}^GH|{(parent.Length > 0 ? parent + "^GH" : "")}||||{status}||AV\r{(text.Length > 0 ? $"OBX|1|TX|DS^Discharge summary^L||{text}||||||F\r" : "")}";

    private static string Pid(string number, string religion = "", string name = "Miller^Ann", string mother = "", string account = "") =>
        $"PID|1||{number}^^^GH^MR||{name}|{mother}|||||||||||{religion}{(account.Length > 0 ? $"|{account}^^^GH" : "")}";

    private static string Pv1(string patientClass, string bed = "WARD1^101^A", string visit = "V1", string discharged = "", string attending = "") =>
        $"PV1|1|{patientClass}|{bed}||||{attending}||||||||||||{visit}^^^GH|||||||||||||||||||||||||20240501010000|{discharged}";
}
