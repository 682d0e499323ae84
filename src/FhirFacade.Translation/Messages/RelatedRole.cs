using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// ROL, PRT of somebody who is no practitioner: the role is one of table 0063 (relationship) or 0131 (contact role). The patient themselves (SEL), else
/// a RelatedPerson, the same one that NK1 makes of the same name and relationship.
/// </summary>
internal static class RelatedRole
{
    /// <summary>Whether the role is that of a relative.</summary>
    public static bool Is(Hl7Element role) => Names(role[3]) || (Names(role[6]) && !role[3].HasValue);

    /// <summary>A Reference to the person; null if nothing tells who it is.</summary>
    public static JsonObject? Reference(MessageScope scope, Hl7Segment segment, Hl7Element role, Hl7Element person, ResourceDraft patient)
    {
        var map = scope.Maps[$"{segment.Name}-RelatedPerson"];
        if (role[1].Is("SEL") && person.HasValue)
        {
            map.Run(segment, scope.Scratch("RelatedPerson"), scope);
            return patient.Reference();
        }

        var number = FhirText.String(person[1]);
        var name = XpnToHumanName.Name(person, 2, scope);
        if (number is null && name is null)
        {
            return null;
        }

        var relationship = FhirText.Code(role[1]) ?? FhirText.String(role[2]);
        var system = number is null ? null : HdToUri.Uri(person[9], scope) ?? IdentifierKey.DefaultSystem(scope);
        var id = number is null
            ? Id(patient, name!, relationship)
            : BusinessId.Of("RelatedPerson", patient.Id, new IdentifierKey(system, number).Scope(scope), number);
        var draft = scope.Resources.GetOrAdd("RelatedPerson", id, TranslationMode.Merge, out var isNew) is var made && isNew ? made : scope.Scratch("RelatedPerson");
        draft.Content["patient"] = patient.Reference();
        if (number is not null)
        {
            var identifier = new JsonObject();
            CheckDigit.Put(identifier, person[11], person[12]);
            identifier.Put("type", IdentifierType.Concept(FhirText.Code(person[13])));
            identifier.Put("system", system);
            identifier["value"] = number;
            draft.Content.Append("identifier", identifier);
        }

        if (FhirText.Code(person[7]) is { } degree)
        {
            name?.Append("suffix", JsonValue.Create(degree));
        }

        draft.Content.Append("name", name);
        map.Run(segment, draft, scope);
        if (segment.Is("PRT"))
        {
            PreferredTelecom.Mark(draft.Content["telecom"] as JsonArray, FhirText.Code(segment[23][1]));
            scope.Use.Read(segment, 23);
        }

        return made.Reference(XcnToPractitioner.Display(draft.Content));
    }

    /// <summary>Id by name and relationship, within the patient.</summary>
    public static string Id(ResourceDraft patient, JsonObject name, string? relationship) =>
        BusinessId.Of("RelatedPerson", patient.Id, Text(name).ToUpperInvariant(), relationship);

    private static string Text(JsonObject name) => $"{name["family"]}|{string.Join(' ', ((JsonArray?)name["given"])?.Select(static g => (string?)g) ?? [])}";

    private static bool Names(Hl7Element system) => system.Is("HL70063") || system.Is("HL70131");
}
