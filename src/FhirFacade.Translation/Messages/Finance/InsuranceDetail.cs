using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages.Finance;

/// <summary>IN2, IN3 -> what they add to the Coverage of the IN1 before them, to its subscriber and to the patient's care team.</summary>
internal static class InsuranceDetail
{
    public static void In2(MessageWalk walk, Hl7Segment in2)
    {
        var scope = walk.Scope;
        if (walk.Coverage is not { } coverage)
        {
            return;
        }

        // IN1-17 has said the relationship; IN2-72 says it again, from the other side.
        var relationship = coverage.Content["relationship"]?.DeepClone();
        scope.Maps["IN2-Coverage"].Run(in2, coverage, scope);
        if (relationship is not null)
        {
            coverage.Content["relationship"] = relationship;
        }

        if ((string?)coverage.Content["subscriber"]?["reference"] is { } reference && reference.StartsWith("RelatedPerson/", StringComparison.Ordinal)
            && scope.Resources.Find("RelatedPerson", reference["RelatedPerson/".Length..]) is { } subscriber)
        {
            scope.Maps["IN2-RelatedPerson"].Run(in2, subscriber, scope);
        }
    }

    /// <summary>The case manager (IN3-21) is a member of the care team.</summary>
    public static void In3(MessageWalk walk, Hl7Segment in3)
    {
        if (walk.Patient is { } patient && in3[21].HasValue)
        {
            walk.Scope.Maps["IN3-CareTeam"].Run(in3, CareTeams.Of(walk.Scope, patient, null), walk.Scope);
        }
    }
}
