using System.Collections.Immutable;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>A job that indexes stored resources anew, as it stands.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">waiting, running, completed or cancelled.</param>
/// <param name="Reason">Who asked for it: <c>$reindex</c>, or the start of a server that found older definitions.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="StartedAt">When a server took it up.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Types">How far it is with each type.</param>
/// <param name="Parameters">The ids of the SearchParameter resources that may be searched by once it is completed.</param>
public sealed record ReindexJob(
    long Id,
    string State,
    string Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    ImmutableArray<ReindexedType> Types,
    ImmutableArray<string> Parameters)
{
    /// <summary>Whether there is nothing more to come.</summary>
    public bool HasEnded => State is "completed" or "cancelled";

    /// <summary>The share of the rows that were looked at, in percent, as far as it can be told.</summary>
    public int Percent
    {
        get
        {
            var (done, of) = (Types.Sum(type => (double)type.Done), Types.Sum(type => type.IsFinished ? type.Done : (double)Math.Max(type.About, type.Done)));
            return HasEnded && State == "completed" ? 100 : of == 0 ? 0 : (int)Math.Min(99, 100 * done / of);
        }
    }
}

/// <summary>How far a job is with one type.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Done">Rows that were looked at.</param>
/// <param name="Changed">Rows of those whose index was written anew.</param>
/// <param name="About">About how many rows there are.</param>
/// <param name="IsFinished">Whether all were looked at.</param>
public sealed record ReindexedType(string Type, long Done, long Changed, long About, bool IsFinished);
