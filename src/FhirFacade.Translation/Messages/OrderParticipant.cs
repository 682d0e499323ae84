using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// PRT below ORC, OBR or RXA: by its code (PRT-4, table 0443 or 0912) who ordered (OP), interpreted (PRI), collected the specimen (SC) or, of a vaccination,
/// ordered or gave it (OP, AP). Of a report any other performed; of a request any other performs.
/// </summary>
internal static class OrderParticipant
{
    private const string ProviderRole = "http://terminology.hl7.org/CodeSystem/v2-0443";

    /// <summary>Adds them to the order's resources; one that is deleted (PRT-2 D) is read and takes no part.</summary>
    public static void Prt(Hl7Segment prt, Order order, ResourceDraft? specimen, MessageScope scope)
    {
        if (Who(prt, scope) is not { } who)
        {
            return;
        }

        switch (FhirText.Code(prt[4][1]))
        {
            case "OP" when order.Request is { } request:
                request.Content["requester"] = who;
                break;
            case "PRI" when order.Report is { } report:
                report.Content.Append("resultsInterpreter", who);
                break;
            case "SC" when (specimen ?? order.FirstSpecimen) is { } taken:
                Collected(taken.Content, who);
                break;
            default:
                (order.Report ?? order.Request)?.Content.Append("performer", who);
                break;
        }
    }

    /// <summary>Of a vaccination or an administration: its function is the participant's role, where table 0443 has it.</summary>
    public static void Performer(Hl7Segment prt, ResourceDraft given, MessageScope scope)
    {
        if (Who(prt, scope) is not { } who)
        {
            return;
        }

        var performer = new JsonObject();
        var code = FhirText.Code(prt[4][1]);
        performer.Put("function", code is null ? null : new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = ProviderRole, ["code"] = code }) });
        performer["actor"] = who;
        given.Content.Append("performer", performer);
    }

    private static void Collected(JsonObject specimen, JsonObject who)
    {
        if (specimen["collection"] is not JsonObject collection)
        {
            specimen["collection"] = collection = [];
        }

        collection["collector"] = who;
    }

    private static JsonObject? Who(Hl7Segment prt, MessageScope scope)
    {
        scope.Use.Read(prt, 2);
        if (Participant.Of(prt, scope) is not { } who)
        {
            return null;
        }

        scope.Use.Read(prt, 4);
        scope.Maps["PRT-PractitionerRole"].Run(prt, who.Role.Content.ContainsKey("code") ? scope.Scratch(who.Role) : who.Role, scope);
        return prt[2].Is("D") ? null : who.AsRole();
    }
}
