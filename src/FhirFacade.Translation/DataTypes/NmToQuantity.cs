using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// NM and its unit (OBX-6) -> valueQuantity. A comparator before the number, which NM has no room for and laboratories send, is
/// understood; anything else becomes text, with an issue.
/// </summary>
internal static class NmToQuantity
{
    public static void Put(Hl7Element value, Hl7Element unit, MessageScope scope, JsonObject target)
    {
        if (FhirText.String(value) is not { } text)
        {
            return;
        }

        var quantity = new JsonObject();
        var comparator = Comparator(text);
        if (!Nm.TryRead(text[comparator.Length..], out var number))
        {
            scope.Warn(Table0357.DataType, value.Location, "a number, as OBX-2 says");
            target["valueString"] = text;
            return;
        }

        if (comparator.Length > 0)
        {
            scope.Warn(Table0357.DataType, value.Location, "a number without comparator, as OBX-2 says");
            quantity["comparator"] = comparator;
        }

        quantity["value"] = number;
        CqToQuantity.Unit(quantity, unit, scope);
        target["valueQuantity"] = quantity;
    }

    private static string Comparator(string text) =>
        text.StartsWith("<=", StringComparison.Ordinal) ? "<=" : text.StartsWith(">=", StringComparison.Ordinal) ? ">=" : text[0] is '<' or '>' ? text[..1] : "";
}
