using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// OBX of type ED or RP that is a picture, a sound or a film -> Media, which the observation is derived from and the report shows. The content stands there
/// alone; what is neither stays with the observation (<see cref="VariesToValue"/>).
/// </summary>
internal static class MediaAssembly
{
    private const string MediaType = "http://terminology.hl7.org/CodeSystem/media-type";

    public static void Take(ResourceDraft observation, Order? order, MessageScope scope)
    {
        var content = observation.Content;
        var number = 0;
        Move(content, observation, order, ref number, scope);
        if (content["component"] is not JsonArray components)
        {
            return;
        }

        foreach (var component in components.OfType<JsonObject>().ToList())
        {
            Move(component, observation, order, ref number, scope);
            if (component.Count == 1)
            {
                components.Remove(component);
            }
        }

        if (components.Count == 0)
        {
            content.Remove("component");
        }
    }

    private static void Move(JsonObject holder, ResourceDraft observation, Order? order, ref int number, MessageScope scope)
    {
        if (holder["extension"] is not JsonArray extensions)
        {
            return;
        }

        foreach (var extension in extensions.OfType<JsonObject>().ToList())
        {
            if (extension["valueAttachment"] is JsonObject attachment && Kind((string?)attachment["contentType"]) is { } kind)
            {
                extensions.Remove(extension);
                Add(attachment, kind, ++number, observation, order, scope);
            }
        }

        if (extensions.Count == 0)
        {
            holder.Remove("extension");
        }
    }

    private static void Add(JsonObject attachment, string kind, int number, ResourceDraft observation, Order? order, MessageScope scope)
    {
        var from = observation.Content;
        var media = scope.Resources.GetOrAdd("Media", BusinessId.Of("Media", observation.Id, $"{number}"), TranslationMode.Replace, out _);
        media.Time = observation.Time;
        media.Content["status"] = (string?)from["status"] is "entered-in-error" or "cancelled" ? "entered-in-error" : "completed";
        media.Content["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = MediaType, ["code"] = kind }) };
        media.Content.Put("subject", from["subject"]?.DeepClone());
        media.Content.Put("encounter", from["encounter"]?.DeepClone());
        media.Content.Put("createdDateTime", from["effectiveDateTime"]?.DeepClone());
        media.Content.Put("bodySite", from["bodySite"]?.DeepClone());
        media.Content.Put("device", from["device"]?.DeepClone());
        if (from["code"] is JsonObject code && code["coding"] is not null)
        {
            media.Content["reasonCode"] = new JsonArray(code.DeepClone());
        }

        if (order?.Request is { } request)
        {
            media.Content["basedOn"] = new JsonArray(request.Reference());
        }

        media.Content["content"] = attachment;
        from.Append("derivedFrom", media.Reference());
        order?.Report?.Content.Append("media", new JsonObject { ["link"] = media.Reference() });
    }

    // Senders that call a document an image (ED.2 IM, ED.3 PDF) mean a scan of it.
    private static string? Kind(string? contentType) => contentType == "image/pdf" ? null : contentType?[..Math.Max(0, contentType.IndexOf('/', StringComparison.Ordinal))] switch
    {
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        _ => null,
    };
}
