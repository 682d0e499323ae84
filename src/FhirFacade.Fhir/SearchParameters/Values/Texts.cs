using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>https://hl7.org/fhir/R4/search.html#string: names and addresses by each of their parts.</summary>
internal static class Texts
{
    public static void Add(string parameter, in Item item, IndexValueList values)
    {
        var json = item.Json;
        switch (item.Type?.Name)
        {
            case "HumanName":
                AddText(parameter, json.Text("text"u8), values);
                AddText(parameter, json.Text("family"u8), values);
                AddAll(parameter, json.Items("given"u8), values);
                AddAll(parameter, json.Items("prefix"u8), values);
                AddAll(parameter, json.Items("suffix"u8), values);
                break;
            case "Address":
                AddText(parameter, json.Text("text"u8), values);
                AddAll(parameter, json.Items("line"u8), values);
                AddText(parameter, json.Text("city"u8), values);
                AddText(parameter, json.Text("district"u8), values);
                AddText(parameter, json.Text("state"u8), values);
                AddText(parameter, json.Text("postalCode"u8), values);
                AddText(parameter, json.Text("country"u8), values);
                break;
            case "CodeableConcept":
                AddText(parameter, json.Text("text"u8), values);
                foreach (var coding in json.Items("coding"u8))
                {
                    AddText(parameter, coding.Text("display"u8), values);
                }

                break;
            default:
                AddText(parameter, item.Computed as string ?? json.NonEmptyText(), values);
                break;
        }
    }

    private static void AddAll(string parameter, JsonElement.ArrayEnumerator texts, IndexValueList values)
    {
        foreach (var text in texts)
        {
            AddText(parameter, text.NonEmptyText(), values);
        }
    }

    private static void AddText(string parameter, string? text, IndexValueList values)
    {
        if (text is not null)
        {
            values.Add(new StringValue(parameter, text));
        }
    }
}
