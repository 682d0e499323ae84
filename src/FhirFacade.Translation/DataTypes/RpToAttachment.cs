using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>RP -> Attachment: a pointer to data elsewhere.</summary>
internal static class RpToAttachment
{
    /// <summary>Null without a pointer.</summary>
    public static JsonObject? Attachment(Hl7Element value)
    {
        if (FhirText.Uri(value[1]) is not { } url)
        {
            return null;
        }

        var attachment = new JsonObject();
        attachment.Put("contentType", EdToAttachment.ContentType(FhirText.Code(value[3]), FhirText.Code(value[4])));
        attachment["url"] = url;
        return attachment;
    }
}
