using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>MSH-24, MSH-25 (network addresses) -> Endpoint of the sending and the receiving organisation.</summary>
internal static class EndpointAssembly
{
    public static void Msh(MessageScope scope, ResourceDraft header)
    {
        Add(scope, scope.Header[24], header.Content["sender"], FhirText.String(scope.Header[3][1]));
        var destination = (header.Content["destination"] as JsonArray)?[0];
        Add(scope, scope.Header[25], destination?["receiver"], FhirText.String(scope.Header[5][1]));
    }

    private static void Add(MessageScope scope, Hl7Element address, JsonNode? organization, string? name)
    {
        if (HdToUri.Uri(address, scope) is not { } uri)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("Endpoint", BusinessId.Of("Endpoint", uri), TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            return;
        }

        draft.Content["status"] = "active";
        draft.Content["connectionType"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", ["code"] = "hl7v2-mllp" };
        draft.Content.Put("name", name);
        draft.Content.Put("managingOrganization", organization?.DeepClone());
        draft.Content["payloadType"] = new JsonArray(new JsonObject { ["text"] = "HL7 v2" });
        draft.Content["address"] = uri;
    }
}
