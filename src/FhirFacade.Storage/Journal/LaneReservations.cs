namespace FhirFacade.Storage.Journal;

/// <summary>Which lanes the workers of this process have in hand, so that they do not ask the database for each other's.</summary>
/// <param name="lanesEach">A worker takes no more, so that the others find some, too; a message that needs more is an exception.</param>
/// <param name="messages">A worker takes no more messages.</param>
/// <param name="bytes">A worker takes no further message once it has as much.</param>
internal sealed class LaneReservations(int lanesEach, int messages, long bytes)
{
    private readonly HashSet<short> reserved = [];
    private readonly Lock gate = new();

    /// <summary>
    /// Chooses messages in order, and reserves their lanes. A message that is passed over holds back all that queue behind it
    /// in any of its lanes.
    /// </summary>
    public LaneReservation Choose(IReadOnlyList<WaitingMessage> waiting)
    {
        lock (gate)
        {
            var ids = new List<long>();
            var lanes = new HashSet<short>();
            var heldBack = new HashSet<short>(reserved);
            var size = 0L;
            foreach (var (id, needed, length) in waiting)
            {
                var fresh = needed.Count(lane => !lanes.Contains(lane));
                if (needed.Any(heldBack.Contains) || (lanes.Count > 0 && lanes.Count + fresh > lanesEach))
                {
                    heldBack.UnionWith(needed);
                    continue;
                }

                lanes.UnionWith(needed);
                ids.Add(id);
                size += length;
                if (ids.Count == messages || size >= bytes)
                {
                    break;
                }
            }

            reserved.UnionWith(lanes);
            return new(this, ids, lanes);
        }
    }

    private void Release(IEnumerable<short> lanes)
    {
        lock (gate)
        {
            reserved.ExceptWith(lanes);
        }
    }

    /// <summary>Messages that one worker may process; disposing gives the lanes back.</summary>
    internal sealed class LaneReservation(LaneReservations owner, IReadOnlyList<long> ids, IReadOnlySet<short> lanes) : IDisposable
    {
        public IReadOnlyList<long> Ids => ids;

        public short[] Lanes => [.. lanes.Order()];

        public void Dispose() => owner.Release(lanes);
    }
}
