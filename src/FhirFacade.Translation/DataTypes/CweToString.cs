using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CWE, CE -> string: the original text, else the text, else the code.</summary>
internal static class CweToString
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Text(value);

    public static string? Text(Hl7Element value) =>
        FhirText.String(value[9]) ?? FhirText.String(value[2]) ?? FhirText.String(value[1]) ?? FhirText.String(value[5]) ?? FhirText.String(value[4]);
}
