using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>MSH -> MessageHeader, one a message.</summary>
internal static class HeaderAssembly
{
    public static ResourceDraft Begin(MessageWalk walk)
    {
        var scope = walk.Scope;
        var id = BusinessId.Of("MessageHeader", scope.Sender.Source, scope.Key);
        var draft = scope.Resources.GetOrAdd("MessageHeader", id, TranslationMode.Replace, out _);
        scope.Maps["MSH-MessageHeader"].Run(scope.Header, draft, scope);
        Country(scope, draft);
        EndpointAssembly.Msh(scope, draft);
        return draft;
    }

    // MSH-17 is where the sender is.
    private static void Country(MessageScope scope, ResourceDraft header)
    {
        if ((string?)header.Content["sender"]?["reference"] is { } reference
            && FhirText.Code(scope.Header[17]) is { } country
            && scope.Resources.Find("Organization", reference["Organization/".Length..]) is { } sender
            && !sender.Content.ContainsKey("address"))
        {
            sender.Content["address"] = new JsonArray(new JsonObject { ["country"] = country });
            scope.Use.Read(scope.Header, 17);
        }
    }

    public static void Finish(MessageWalk walk, ResourceDraft draft)
    {
        var content = draft.Content;
        Event(walk, content);
        if (content["source"] is not JsonObject source)
        {
            content["source"] = source = [];
        }

        RequireEndpoint(source);
        if (content["destination"] is JsonArray destinations)
        {
            foreach (var destination in destinations)
            {
                RequireEndpoint((JsonObject)destination!);
            }
        }

        if (content["response"] is JsonObject response && (response["code"] is null || response["identifier"] is null))
        {
            content.Remove("response");
        }

        foreach (var focus in walk.Scope.Resources.All)
        {
            if (focus.Type is "Patient" or "Encounter" or "DiagnosticReport")
            {
                content.Append("focus", focus.Reference());
            }
        }
    }

    // The trigger event; a message without one is told by its type.
    private static void Event(MessageWalk walk, JsonObject content)
    {
        if (content["eventCoding"] is not JsonObject coding || coding["code"] is null)
        {
            content["eventCoding"] = coding = walk.EventCoding();
        }

        coding["system"] ??= "http://terminology.hl7.org/CodeSystem/v2-0003";
    }

    private static void RequireEndpoint(JsonObject element)
    {
        if (element["endpoint"] is null)
        {
            element["_endpoint"] = DataAbsent.Unknown();
        }
    }
}
