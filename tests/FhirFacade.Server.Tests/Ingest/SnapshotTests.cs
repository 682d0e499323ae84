using FhirFacade.Translation;
using static FhirFacade.Server.Tests.Ingest.EventMessages;
using static FhirFacade.Server.Tests.Ingest.EventSequences;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Messages that show all there is, and quotes that delete: what is no longer there ends, and nothing else does.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public async Task A_late_snapshot_removes_nothing_newer_and_a_late_message_adds_nothing_that_a_newer_snapshot_removed()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(Snapshots, [Shown[3], Shown[1], Shown[0]]);
        Assert.Equal("I10:active J18:active", await feed.Database.ScalarAsync<string>("select string_agg((doc #>> '{code,coding,0,code}') || ':' || (doc #>> '{clinicalStatus,coding,0,code}'), ' ' order by doc #>> '{code,coding,0,code}') from r.condition"));
        Assert.Equal("active", await feed.Database.ScalarAsync<string>("select doc ->> 'status' from r.coverage"));
        Assert.Equal("LAT:active PEN:inactive", await feed.AllergiesAsync());
        Assert.Equal("false", await feed.Database.ScalarAsync<string>("select doc ->> 'active' from r.relatedperson"));

        await feed.PlayAsync(Snapshots, [Shown[4], Shown[2]]);
        Assert.Equal("LAT:active NUT:inactive PEN:inactive", await feed.AllergiesAsync());
        Assert.Equal("cancelled", await feed.Database.ScalarAsync<string>("select doc ->> 'status' from r.coverage"));
    }

    [Fact]
    public async Task A_snapshot_makes_inactive_what_it_no_longer_carries_and_only_that()
    {
        await using var feed = await PlayedFeed.NewAsync();
        var profile = FeedProfile.Default with { SnapshotSegments = ["AL1"] };
        await feed.PlayAsync(profile, [Visit[1], Adt("A01", 2, Pid("9"), Pv1("I", visit: "V9"), "AL1|1|DA|NUT"), Visit[4]]);
        Assert.Equal("LAT:active NUT:active PEN:inactive", await feed.AllergiesAsync());
        await feed.PlayAsync(profile, [Adt("A08", 11, Pid("4711"), Pv1("I"), "AL1|1|DA|PEN^Penicillin")]);
        Assert.Equal("LAT:inactive NUT:active PEN:active", await feed.AllergiesAsync());

        await feed.PlayAsync(FeedProfile.Default, [Adt("A08", 12, Pid("4711"), Pv1("I"), "AL1|1|DA|LAT^Latex")]);
        Assert.Equal("LAT:active NUT:active PEN:active", await feed.AllergiesAsync());
    }

    [Fact]
    public async Task The_two_quotes_delete_one_extension_and_leave_the_others()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [Adt("A01", 1, Pid("4711", religion: "CAT", mother: "Olsen")), Adt("A08", 2, Pid("4711", religion: "\"\""))]);
        Assert.Equal("http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", await feed.Database.ScalarAsync<string>("select string_agg(e ->> 'url', ' ') from r.patient, json_array_elements(doc -> 'extension') e"));
    }
}
