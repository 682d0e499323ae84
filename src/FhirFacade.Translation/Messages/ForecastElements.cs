using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>OBX of a vaccination forecast -> ImmunizationRecommendation.recommendation.</summary>
internal static class ForecastElements
{
    /// <summary>False if the value is not one that the element can hold.</summary>
    public static bool Put(Hl7Segment obx, string meaning, string loinc, JsonObject recommendation, MessageScope scope)
    {
        var value = obx[5].Repetition(1);
        switch (meaning)
        {
            case "forecast-vaccine":
                recommendation.Append("vaccineCode", CweToCodeableConcept.Concept(value, null, scope));
                return true;
            case "forecast-status":
                recommendation.Put("forecastStatus", CweToCodeableConcept.Concept(value, null, scope));
                return true;
            case "dose-number" when VaccinationElements.Number(obx) is { } dose:
                recommendation["doseNumberPositiveInt"] = dose;
                return true;
            case "doses-in-series" when VaccinationElements.Number(obx) is { } doses:
                recommendation["seriesDosesPositiveInt"] = doses;
                return true;
            case "series":
                recommendation.Put("series", CweToString.Text(value));
                return true;
            case "schedule":
                recommendation.Put("description", CweToString.Text(value));
                return true;
            case "forecast-due" or "forecast-earliest" or "forecast-latest" or "forecast-overdue" when DtmToDateTime.Text(value, scope) is { } date:
                recommendation.Append("dateCriterion", new JsonObject
                {
                    ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = loinc }) },
                    ["value"] = date,
                });
                return true;
            default:
                return false;
        }
    }

    /// <summary>Adds the line to the forecast, with what R4 requires of both.</summary>
    public static void Complete(JsonObject forecast, JsonObject recommendation, ResourceDraft patient, Hl7Segment? rxa, MessageScope scope)
    {
        forecast["patient"] = patient.Reference();
        if (!forecast.ContainsKey("date"))
        {
            var date = (rxa is { } row ? DtmToDateTime.Text(row[3], scope) : null) ?? DtmToDateTime.Text(scope.Header[7], scope);
            if (date is null)
            {
                forecast["_date"] = DataAbsent.Unknown();
            }
            else
            {
                forecast["date"] = date;
            }
        }

        recommendation["forecastStatus"] ??= DataAbsent.Unknown();

        // A line is about a vaccine or a disease (imr-1).
        if (!recommendation.ContainsKey("vaccineCode"))
        {
            recommendation["vaccineCode"] = new JsonArray(new JsonObject { ["text"] = "unknown" });
        }

        forecast.Append("recommendation", recommendation);
    }
}
