using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>Which of a patient's identifiers makes the id of the Patient.</summary>
internal static class PatientIdentity
{
    // Types of table 0203 in order of preference: medical record numbers, then what is unique to the sender, then to the state.
    private static readonly string[] Preferred = ["MR", "MRN", "PI", "PN", "PT", "EPI", "MPI", "PE"];

    /// <summary>
    /// The best repetition of an identifier list: by type (medical record number first), then the first. Null if none has a number.
    /// </summary>
    public static IdentifierKey? Best(Hl7Element list, MessageScope scope)
    {
        IdentifierKey? best = null;
        var bestRank = int.MaxValue;
        foreach (var cx in list.Repetitions)
        {
            if (cx.IsNull || CxToIdentifier.Key(cx, scope) is not { } key)
            {
                continue;
            }

            var type = FhirText.Code(cx[5]);
            var rank = type is null ? -1 : Array.IndexOf(Preferred, type);
            rank = rank < 0 ? (type is null ? Preferred.Length : Preferred.Length + 1) : rank;
            if (rank < bestRank)
            {
                (best, bestRank) = (key, rank);
            }
        }

        return best;
    }

    /// <summary>Of PID: the list (PID-3), else the older single ones (PID-2, PID-4), else the social security number.</summary>
    public static IdentifierKey? Of(Hl7Segment pid, MessageScope scope) =>
        Best(pid[3], scope) ?? Best(pid[2], scope) ?? Best(pid[4], scope)
        ?? (FhirText.String(pid[19]) is { } ssn ? new IdentifierKey(SsnToIdentifier.System, ssn) : null);

    public static string Id(IdentifierKey key, MessageScope scope) => BusinessId.Of("Patient", key.Scope(scope), key.Value);
}
