using System.Buffers.Text;
using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>ED -> Attachment. ED.4 says how ED.5 is encoded: Base64, Hex, or A for text as it is.</summary>
internal static class EdToAttachment
{
    private const string AlternateCodes = "http://hl7.org/fhir/StructureDefinition/alternate-codes";

    /// <summary>Null if there is no data.</summary>
    public static JsonObject? Attachment(Hl7Element value, MessageScope scope)
    {
        if (FhirText.String(value[5].Text) is not { } text)
        {
            return null;
        }

        var attachment = new JsonObject();
        var type = FhirText.Code(value[2]);
        var subtype = FhirText.Code(value[3]);

        // Data has a media type (att-1).
        attachment["contentType"] = ContentType(type, subtype) ?? (type?.ToUpperInvariant() is "TEXT" or "TX" or "FT" ? "text/plain" : "application/octet-stream");
        if (subtype is null && type is not null)
        {
            attachment.Extend(AlternateCodes, "valueCodeableConcept", new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0191", ["code"] = type }),
            });
        }

        if (Data(text, FhirText.Code(value[4])) is { } data)
        {
            attachment["data"] = data;
            return attachment;
        }

        scope.Warn(Table0357.DataType, value.Location, "data encoded as ED.4 says");
        attachment["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        return attachment;
    }

    /// <summary>A media type of what v2 calls type and subtype of data (tables 0191 and 0291).</summary>
    public static string? ContentType(string? type, string? subtype)
    {
        if (subtype is null)
        {
            return null;
        }

        if (subtype.Contains('/', StringComparison.Ordinal))
        {
            return subtype;
        }

        return type?.ToUpperInvariant() switch
        {
            "IM" or "IMAGE" => $"image/{subtype.ToLowerInvariant()}",
            "TEXT" or "TX" or "FT" => $"text/{subtype.ToLowerInvariant()}",
            "AUDIO" or "AU" => $"audio/{subtype.ToLowerInvariant()}",
            _ => $"application/{subtype.ToLowerInvariant()}",
        };
    }

    private static string? Data(string text, string? encoding)
    {
        switch (encoding?.ToUpperInvariant())
        {
            case "A":
                return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
            case "HEX":
                return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.ToBase64String(Convert.FromHexString(text)) : null;
            default:
                var dense = text.Any(char.IsWhiteSpace) ? string.Concat(text.Where(static c => !char.IsWhiteSpace(c))) : text;
                return Base64.IsValid(dense) ? dense : null;
        }
    }
}
