using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>XCN, CNN -> Practitioner, once for each person of the message; the value is a Reference to it.</summary>
internal static class XcnToPractitioner
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Draft(value, scope) is { } draft ? Reference(draft) : null;

    public static JsonObject Reference(ResourceDraft practitioner) => practitioner.Reference(Display(practitioner.Content));

    /// <summary>
    /// The practitioner: by number (XCN.1) and authority (XCN.9); without a number by name within the sending facility. Null if there is
    /// neither.
    /// </summary>
    public static ResourceDraft? Draft(Hl7Element value, MessageScope scope)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        if (scope.Named.Find("XCN", value) is { } before)
        {
            return before;
        }

        var number = FhirText.String(value[1]);
        var name = XpnToHumanName.Name(value, 2, scope);
        if (number is null && name is null)
        {
            return null;
        }

        var type = FhirText.Code(value[13]);
        var system = number is null ? null : type == "NPI" ? "http://hl7.org/fhir/sid/us-npi" : HdToUri.Uri(value[9], scope) ?? IdentifierKey.DefaultSystem(scope);
        var id = number is null
            ? BusinessId.Of("Practitioner", "name", scope.Sender.Facility, Display(new JsonObject { ["name"] = new JsonArray(name!.DeepClone()) }))
            : BusinessId.Of("Practitioner", new IdentifierKey(system, number).Scope(scope), number);
        var draft = scope.Resources.GetOrAdd("Practitioner", id, TranslationMode.Merge, out var isNew);
        scope.Named.Add("XCN", value, draft);
        if (!isNew)
        {
            return draft;
        }

        if (number is not null)
        {
            draft.Content["identifier"] = new JsonArray(Identifier(value, number, system, type));
        }

        draft.Content.Append("name", name);
        if (FhirText.Code(value[7]) is { } degree)
        {
            var code = CweToCodeableConcept.Concept(value[7], scope.Maps.Degree, scope);
            draft.Content["qualification"] = new JsonArray(new JsonObject { ["code"] = code ?? new JsonObject { ["text"] = degree } });
        }

        return draft;
    }

    private static JsonObject Identifier(Hl7Element value, string number, string? system, string? type)
    {
        var identifier = new JsonObject();
        CheckDigit.Put(identifier, value[11], value[12]);
        identifier.Put("type", IdentifierType.Concept(type));
        identifier.Put("system", system);
        identifier["value"] = number;
        if (system is not null && FhirText.String(value[9]) is { } authority)
        {
            identifier["assigner"] = new JsonObject { ["display"] = authority };
        }

        return identifier;
    }

    /// <summary>The name, as one writes it; null if there is none.</summary>
    public static string? Display(JsonObject content)
    {
        if (content["name"] is not JsonArray { Count: > 0 } names || names[0] is not JsonObject name)
        {
            return null;
        }

        string? text = null;
        Add(ref text, name["prefix"]);
        Add(ref text, name["given"]);
        Add(ref text, name["family"]);
        return text;
    }

    private static void Add(ref string? text, JsonNode? part)
    {
        if (part is JsonArray several)
        {
            foreach (var one in several)
            {
                Add(ref text, one);
            }
        }
        else if ((string?)part is { Length: > 0 } word)
        {
            text = text is null ? word : $"{text} {word}";
        }
    }
}
