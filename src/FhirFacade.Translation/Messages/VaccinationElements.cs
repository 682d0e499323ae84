using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>OBX below RXA whose meaning is an element of Immunization.</summary>
internal static class VaccinationElements
{
    /// <summary>False if the value is not one that the element can hold.</summary>
    public static bool Put(Hl7Segment obx, string meaning, VaccinationGroup group, JsonObject immunization, MessageScope scope)
    {
        switch (meaning)
        {
            case "eligibility":
                return Add(immunization, "programEligibility", CweToCodeableConcept.Concept(obx[5].Repetition(1), null, scope));
            case "funding":
                return Set(immunization, "fundingSource", CweToCodeableConcept.Concept(obx[5].Repetition(1), null, scope));
            case "education-document":
                return Set(group.Education ??= [], "documentType", Text(CweToString.Text(obx[5].Repetition(1))));
            case "education-publication":
                return Set(group.Education ??= [], "publicationDate", Text(DtmToDateTime.Text(obx[5].Repetition(1), scope)));
            case "education-presentation":
                return Set(group.Education ??= [], "presentationDate", Text(DtmToDateTime.Text(obx[5].Repetition(1), scope)));
            case "note":
                return FhirText.Block(Primitives.LinesOf(obx[5])) is { } note && Add(immunization, "note", new JsonObject { ["text"] = note });
            case "dose-number":
                return Number(obx) is { } dose && Set(Protocol(immunization), "doseNumberPositiveInt", JsonValue.Create(dose));
            case "doses-in-series":
                return Number(obx) is { } doses && Set(Protocol(immunization), "seriesDosesPositiveInt", JsonValue.Create(doses)) && Dose(immunization);
            case "series":
                return Set(Protocol(immunization), "series", Text(CweToString.Text(obx[5].Repetition(1)))) && Dose(immunization);
            default:
                return false;
        }
    }

    public static int? Number(Hl7Segment obx) =>
        FhirText.String(obx[5].Repetition(1)) is { } text && Nm.TryRead(text, out var number) && number is >= 1 and <= 1000 && number == decimal.Truncate(number) ? (int)number : null;

    // A protocol has a dose number, which may follow or may not be known.
    private static bool Dose(JsonObject immunization)
    {
        var protocol = Protocol(immunization);
        if (!protocol.ContainsKey("doseNumberPositiveInt"))
        {
            protocol["_doseNumberPositiveInt"] ??= DataAbsent.Unknown();
        }

        return true;
    }

    private static JsonObject Protocol(JsonObject immunization)
    {
        if (immunization["protocolApplied"] is JsonArray { Count: > 0 } list)
        {
            return (JsonObject)list[0]!;
        }

        var protocol = new JsonObject();
        immunization["protocolApplied"] = new JsonArray(protocol);
        return protocol;
    }

    private static JsonValue? Text(string? text) => text is null ? null : JsonValue.Create(text);

    private static bool Set(JsonObject json, string name, JsonNode? value)
    {
        json.Put(name, value);
        if (value is not null)
        {
            json.Remove("_" + name);
        }

        return value is not null;
    }

    private static bool Add(JsonObject json, string name, JsonNode? value)
    {
        json.Append(name, value);
        return value is not null;
    }
}
