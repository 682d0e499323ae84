using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>HD -> Organization: facilities and authorities; the value is a Reference to it.</summary>
internal static class HdToOrganization
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Draft(value, scope) is { } draft ? XonToOrganization.Reference(draft) : null;

    /// <summary>By the universal id where there is one, else by namespace. Null for an empty HD.</summary>
    public static ResourceDraft? Draft(Hl7Element value, MessageScope scope)
    {
        var name = FhirText.String(value[1]);
        var universal = FhirText.String(value[2]);
        if (name is null && universal is null)
        {
            return null;
        }

        var uri = scope.Maps.Systems.OfAuthority(name, universal, FhirText.String(value[3]))!;
        var draft = scope.Resources.GetOrAdd("Organization", BusinessId.Of("Organization", "hd", uri), TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            return draft;
        }

        draft.Content.Append("identifier", name is null ? null : new JsonObject { ["value"] = name });
        draft.Content.Append("identifier", universal is null ? null : Universal(universal, uri, FhirText.Code(value[3])));
        draft.Content["name"] = name ?? universal;
        return draft;
    }

    private static JsonObject Universal(string id, string uri, string? type)
    {
        var identifier = new JsonObject();
        if (type is not null)
        {
            identifier["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0301", ["code"] = type }) };
        }

        var isUri = type is "ISO" or "UUID" && (uri.StartsWith("urn:oid:", StringComparison.Ordinal) || uri.StartsWith("urn:uuid:", StringComparison.Ordinal));
        identifier.Put("system", isUri ? "urn:ietf:rfc:3986" : null);
        identifier["value"] = isUri ? uri : id;
        return identifier;
    }
}
