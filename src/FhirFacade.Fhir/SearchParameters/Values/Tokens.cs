using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>https://hl7.org/fhir/R4/search.html#token</summary>
internal static class Tokens
{
    public static void Add(string parameter, in Item item, IndexValueList values)
    {
        if (item.Kind == SystemKind.Boolean)
        {
            if (item.ToSystem() is bool flag)
            {
                values.Add(new TokenValue(parameter, null, flag ? "true" : "false"));
            }

            return;
        }

        var json = item.Json;
        switch (item.Type?.Name)
        {
            case "CodeableConcept":
                foreach (var coding in json.Items("coding"u8))
                {
                    AddCoding(parameter, coding, values);
                }

                AddTextOnly(parameter, json.Text("text"u8), values);
                break;
            case "Coding":
                AddCoding(parameter, json, values);
                break;
            case "Identifier":
                if (json.TryText("value"u8, out var value))
                {
                    values.Add(new TokenValue(parameter, json.CodedText("system"u8), value, json.Property("type"u8).CodedText("text"u8)));
                    AddTypes(parameter, json.Property("type"u8), value, values);
                }

                break;
            case "ContactPoint":
                AddCode(parameter, json.Text("value"u8), values);
                break;
            default:
                AddCode(parameter, item.Computed as string ?? (item.Type?.Name == "code" ? json.CodedText() : json.NonEmptyText()) ?? NumberText(json), values);
                break;
        }
    }

    private static void AddTypes(string parameter, JsonElement type, string value, IndexValueList values)
    {
        foreach (var coding in type.Items("coding"u8))
        {
            if (coding.CodedText("code"u8) is { } code)
            {
                values.Add(new TypedIdentifierValue(parameter, coding.CodedText("system"u8), code, value));
            }
        }
    }

    private static void AddCoding(string parameter, JsonElement coding, IndexValueList values)
    {
        var code = coding.CodedText("code"u8);
        var display = coding.CodedText("display"u8);
        if (code is not null || display is not null)
        {
            values.Add(new TokenValue(parameter, coding.CodedText("system"u8), code ?? "", display));
        }
    }

    private static void AddTextOnly(string parameter, string? text, IndexValueList values)
    {
        if (text is not null)
        {
            values.Add(new TokenValue(parameter, null, "", text));
        }
    }

    private static void AddCode(string parameter, string? code, IndexValueList values)
    {
        if (code is not null)
        {
            values.Add(new TokenValue(parameter, null, code));
        }
    }

    private static string? NumberText(JsonElement json) => json.ValueKind == JsonValueKind.Number ? json.GetRawText() : null;
}
