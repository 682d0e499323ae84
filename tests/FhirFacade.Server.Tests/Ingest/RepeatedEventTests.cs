using FhirFacade.Translation;
using static FhirFacade.Server.Tests.Ingest.EventMessages;
using static FhirFacade.Server.Tests.Ingest.EventSequences;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Messages that are processed again change nothing.</summary>
public sealed class RepeatedEventTests
{
    [Fact]
    public async Task Of_two_messages_with_one_time_the_one_that_came_in_later_counts_also_when_the_first_is_processed_again()
    {
        await using var feed = await PlayedFeed.NewAsync();
        string[] messages = [Adt("A08", 1, Pid("4711", name: "First^Ann")), Adt("A31", 1, Pid("4711", name: "Second^Ann"))];
        await feed.PlayAsync(FeedProfile.Default, messages);
        var version = await feed.Database.ScalarAsync<int>("select version from r.patient");
        feed.Rewind();
        await feed.PlayAsync(FeedProfile.Default, messages);
        Assert.Equal("Second", await feed.Database.ScalarAsync<string>("select doc #>> '{name,0,family}' from r.patient"));
        Assert.Equal(version, await feed.Database.ScalarAsync<int>("select version from r.patient"));
    }

    [Fact]
    public async Task A_doctor_whom_messages_name_in_turn_by_two_names_gets_no_new_version_when_they_are_processed_again()
    {
        await using var feed = await PlayedFeed.NewAsync();
        string[] messages = [.. Enumerable.Range(1, 5).Select(hour => Adt("A08", hour, Pid("4711"), Pv1("I", attending: hour % 2 == 0 ? "7^Doe^Jane" : "7^Doe^J")))];
        await feed.PlayAsync(FeedProfile.Default, messages);
        Assert.Equal(5, await feed.Database.ScalarAsync<int>("select version from r.practitioner"));
        feed.Rewind();
        await feed.PlayAsync(FeedProfile.Default, messages);
        Assert.Equal(5, await feed.Database.ScalarAsync<int>("select version from r.practitioner"));
    }

    [Fact]
    public async Task Playing_everything_again_makes_no_version()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [.. Visit, .. Results]);
        var before = await feed.StateAsync();
        var versions = await feed.Database.ScalarAsync<string>("select string_agg(type || version, ' ' order by type, id, version) from history");
        await feed.PlayAsync(FeedProfile.Default, [.. Visit, .. Results]);
        Assert.Equal(before, await feed.StateAsync());
        Assert.Equal(versions, await feed.Database.ScalarAsync<string>("select string_agg(type || version, ' ' order by type, id, version) from history"));
    }
}
