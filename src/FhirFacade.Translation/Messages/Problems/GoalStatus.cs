using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Problems;

/// <summary>Goal.lifecycleStatus: GOL-18, whose codes are each site's own; a deleted goal (GOL-1) was entered in error; else active.</summary>
internal static class GoalStatus
{
    public static void Decide(Hl7Segment gol, ResourceDraft goal, MessageScope scope)
    {
        var content = goal.Content;
        var table = scope.Maps.Table("GoalLifeCycleStatus");
        var sent = FhirText.Code(gol[18][1]) ?? FhirText.String(gol[18][2]);
        if (gol[1].Is("DE"))
        {
            content["lifecycleStatus"] = "entered-in-error";
        }
        else if (sent is not null)
        {
            var known = table.Find(sent)?.Code ?? (FhirText.String(gol[18][2]) is { } name ? table.Find(name)?.Code : null);
            content.Put("lifecycleStatus", known);
            if (known is null)
            {
                scope.UnknownCode(gol[18], table);
            }
        }

        goal.Presume("lifecycleStatus", JsonValue.Create("active"));
        goal.Presume("description", DataAbsent.Unknown());
    }
}
