using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// ORC-1 that asks the filler to do something with an order -> Task about the request, where the feed's profile wants it
/// (<see cref="FeedProfile.TasksOfOrders"/>): one for each thing that is asked of an order.
/// </summary>
internal static class OrderTask
{
    private const string TaskCode = "http://hl7.org/fhir/CodeSystem/task-code";

    public static void Orc(MessageWalk walk, Hl7Segment orc, ResourceDraft? request)
    {
        if (!walk.Scope.Profile.TasksOfOrders || request is null || Asked(FhirText.Code(orc[1])) is not { } asked)
        {
            return;
        }

        var scope = walk.Scope;
        var draft = scope.Resources.GetOrAdd("Task", BusinessId.Of("Task", request.Type, request.Id, asked), TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            return;
        }

        draft.Content["status"] = "requested";
        draft.Presumed("status");
        draft.Content["intent"] = "order";
        draft.Content["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = TaskCode, ["code"] = asked }) };
        draft.Content["focus"] = request.Reference();
        draft.Content.Put("for", walk.Patient?.Reference());
        draft.Content.Put("encounter", walk.Encounter?.Reference());
        draft.Content.Put("authoredOn", DtmToDateTime.Text(orc[9], scope));
        draft.Content.Put("requester", request.Content["requester"]?.DeepClone());
        draft.Content.Put("priority", request.Content["priority"]?.DeepClone());
    }

    // Table 0119: only what a placer asks; what a filler reports is the status of the request.
    private static string? Asked(string? control) => control switch
    {
        "NW" or "PA" or "CH" => "fulfill",
        "CA" or "DC" => "abort",
        "HD" => "suspend",
        "RL" => "resume",
        "RP" => "replace",
        "XO" => "change",
        _ => null,
    };
}
