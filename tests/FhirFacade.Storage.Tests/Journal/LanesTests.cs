using FhirFacade.Storage.Journal;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Storage.Tests.Journal;

public sealed class LanesTests
{
    [Fact]
    public void A_lane_is_the_same_for_ever() =>
        Assert.Equal([26, 40, 49], Lanes.For(["12345", "MRN|12345", "Ærø"], ""));

    [Fact]
    public void Messages_that_share_an_identifier_share_a_lane()
    {
        Prop.ForAll<NonNull<string>[], NonNull<string>[], NonNull<string>>((one, other, shared) =>
            Lanes.For(one.Append(shared).Select(key => key.Get), "").Intersect(Lanes.For(other.Append(shared).Select(key => key.Get), "")).Any())
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_message_without_a_patient_queues_behind_its_sender() =>
        Assert.Equal(Lanes.For([], "LAB"), Lanes.For(["LAB"], "RIS"));

    [Fact]
    public void What_a_worker_takes_of_a_lane_are_the_first_of_those_that_wait_there()
    {
        Prop.ForAll(Queues(), queue =>
        {
            var reservations = new LaneReservations(2, 5, 100);
            using var first = reservations.Choose(queue);
            using var second = reservations.Choose(queue);
            return !first.Lanes.Intersect(second.Lanes).Any() && TakesPrefixes(queue, first) && TakesPrefixes(queue, second)
                && (queue.Length == 0 || first.Ids.Contains(queue[0].Id));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lanes_that_are_given_back_can_be_taken_again()
    {
        var reservations = new LaneReservations(64, 50, 100);
        WaitingMessage[] queue = [new(1, [3, 4], 1)];
        using (reservations.Choose(queue))
        {
            using var nothing = reservations.Choose(queue);
            Assert.Empty(nothing.Ids);
        }

        using var again = reservations.Choose(queue);
        Assert.Equal([1], again.Ids);
    }

    [Fact]
    public void A_message_that_needs_more_lanes_than_a_worker_should_have_is_taken_alone_and_one_of_any_size_is_taken()
    {
        var reservations = new LaneReservations(2, 50, 100);
        using var chosen = reservations.Choose([new(1, [1, 2, 3], 5000), new(2, [4], 1)]);
        Assert.Equal([1], chosen.Ids);
    }

    private static bool TakesPrefixes(WaitingMessage[] queue, LaneReservations.LaneReservation taken) => taken.Lanes.All(lane =>
    {
        var waiting = queue.Where(message => message.Lanes.Contains(lane)).Select(message => message.Id).ToList();
        var chosen = waiting.Where(taken.Ids.Contains).ToList();
        return waiting.Take(chosen.Count).SequenceEqual(chosen);
    });

    private static Arbitrary<WaitingMessage[]> Queues()
    {
        var lanes = Gen.Choose(0, 4).Select(lane => (short)lane).ArrayOf().Where(some => some.Length is > 0 and < 4);
        var messages = from of in lanes from length in Gen.Choose(1, 60) select (of, length);
        return messages.ArrayOf().Select(all => all.Select((message, id) => new WaitingMessage(id, [.. message.of.Distinct()], message.length)).ToArray()).ToArbitrary();
    }
}
