using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>XON -> Organization, once for each of the message; the value is a Reference to it.</summary>
internal static class XonToOrganization
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Draft(value, scope) is { } draft ? Reference(draft) : null;

    /// <summary>XON -> string: the name, else the number.</summary>
    public static Mapped Text(Hl7Element value, MapRow row, MessageScope scope) => FhirText.String(value[1]) ?? FhirText.String(value[10]) ?? FhirText.String(value[3]);

    public static JsonObject Reference(ResourceDraft organization) => organization.Reference(organization.Content["name"]);

    /// <summary>By number (XON.10, else XON.3) and authority (XON.6), else by name. Null if there is neither.</summary>
    public static ResourceDraft? Draft(Hl7Element value, MessageScope scope)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        if (scope.Named.Find("XON", value) is { } before)
        {
            return before;
        }

        var number = FhirText.String(value[10]) ?? FhirText.String(value[3]);
        var key = number is null ? default(IdentifierKey?) : new IdentifierKey(HdToUri.Uri(value[6], scope) ?? IdentifierKey.DefaultSystem(scope), number);
        var draft = Named(FhirText.String(value[1]), key, FhirText.Code(value[7]), scope);
        if (draft?.Content["identifier"] is JsonArray and [JsonObject identifier] && !identifier.ContainsKey("extension"))
        {
            CheckDigit.Put(identifier, value[4], value[5]);
        }

        scope.Named.Add("XON", value, draft);
        return draft;
    }

    /// <summary>The organisation of that number, else of that name within the sending facility.</summary>
    public static ResourceDraft? Named(string? name, IdentifierKey? key, string? type, MessageScope scope)
    {
        if (name is null && key is null)
        {
            return null;
        }

        var id = key is { } number
            ? BusinessId.Of("Organization", number.Scope(scope), number.Value)
            : BusinessId.Of("Organization", "name", scope.Sender.Facility, name!.ToUpperInvariant());
        var draft = scope.Resources.GetOrAdd("Organization", id, TranslationMode.Merge, out var isNew);
        if (isNew && key is { } identified)
        {
            var identifier = new JsonObject();
            identifier.Put("type", IdentifierType.Concept(type));
            identifier.Put("system", identified.System);
            identifier["value"] = identified.Value;
            draft.Content["identifier"] = new JsonArray(identifier);
        }

        if (name is not null && !draft.Content.ContainsKey("name"))
        {
            draft.Content["name"] = name;
        }

        return draft;
    }
}
