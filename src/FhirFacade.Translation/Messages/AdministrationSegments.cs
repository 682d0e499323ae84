using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Messages;

/// <summary>The segments of appointments, documents, problems, referrals, billing and master files: each goes to its assembly.</summary>
internal static class AdministrationSegments
{
    /// <summary>False if it is none of them.</summary>
    public static bool Take(MessageWalk walk, Hl7Segment segment)
    {
        switch (segment.Name)
        {
            default:
                return false;
        }
    }
}
