using FhirFacade.Translation;
using FsCheck;
using FsCheck.Fluent;
using static FhirFacade.Server.Tests.Ingest.EventMessages;
using static FhirFacade.Server.Tests.Ingest.EventSequences;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Messages of one life, as they happened and in any other order, through the translation and the real store.</summary>
public sealed class EventOrderTests
{
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
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default, [Visit[5], Visit[1]]);
        Assert.Equal("finished", await feed.Database.ScalarAsync<string>("select doc ->> 'status' from r.encounter"));
        Assert.Equal("Berg", await feed.Database.ScalarAsync<string>("select doc #>> '{name,0,family}' from r.patient"));
        Assert.Equal(1L, await feed.Database.ScalarAsync<long>("select count(*) from r.allergyintolerance"));
    }

    [Fact]
    public async Task A_feed_that_counts_by_arrival_takes_what_comes_last()
    {
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(FeedProfile.Default with { IsOrderedByEvents = false }, [Visit[5], Visit[1]]);
        Assert.Equal("in-progress", await feed.Database.ScalarAsync<string>("select doc ->> 'status' from r.encounter"));
    }

    private static async Task HoldsAsync(string[] messages, FeedProfile? profile = null)
    {
        profile ??= FeedProfile.Default;
        await using var feed = await PlayedFeed.NewAsync();
        await feed.PlayAsync(profile, messages);
        var expected = await feed.StateAsync();
        Assert.NotEmpty(expected);
        Prop.ForAll(Gen.Shuffle(messages).ToArbitrary(), order =>
        {
            feed.EmptyAsync().GetAwaiter().GetResult();
            feed.PlayAsync(profile, order).GetAwaiter().GetResult();
            Assert.Equal(expected, feed.StateAsync().GetAwaiter().GetResult());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }
}
