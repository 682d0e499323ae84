using System.Collections.Immutable;
using System.Text;

namespace FhirFacade.Storage.Journal;

/// <summary>The lanes in which messages queue: two messages about one patient always share a lane, so that they stay in order.</summary>
public static class Lanes
{
    /// <summary>How many there are; each has a row in the table <c>lane</c>.</summary>
    public const int Count = 64;

    /// <summary>The lanes of a message, ascending.</summary>
    /// <param name="patientKeys">
    /// Each identifier of each patient that the message names, authority included, in one spelling; a merge names two patients.
    /// </param>
    /// <param name="fallback">Keeps messages without a patient in order among themselves: the sender.</param>
    /// <remarks>Lanes are stored with the message, so the hash stays as it is.</remarks>
    public static ImmutableArray<short> For(IEnumerable<string> patientKeys, string fallback)
    {
        ArgumentNullException.ThrowIfNull(patientKeys);
        var lanes = patientKeys.Select(Of).Distinct().Order().ToImmutableArray();
        return lanes.IsEmpty ? [Of(fallback)] : lanes;
    }

    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
    private static short Of(string key)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return (short)((hash ^ (hash >> 16)) % Count);
    }
}
