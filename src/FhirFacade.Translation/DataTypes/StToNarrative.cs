using System.Net;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>ST -> Narrative that adds to what the elements say.</summary>
internal static class StToNarrative
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) =>
        FhirText.String(value) is { } text
            ? new JsonObject { ["status"] = "additional", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{WebUtility.HtmlEncode(text)}</div>" }
            : default(Mapped);
}
