using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// PL -> a chain of Locations: bed in room in level in ward (point of care) in building in site, as far as they are named; the value
/// is a Reference to the innermost.
/// </summary>
internal static class PlToLocation
{
    private const string PhysicalType = "http://terminology.hl7.org/CodeSystem/location-physical-type";

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) =>
        Of(value, scope) is { } location ? location.Reference(location.Content["name"]) : null;

    public static ResourceDraft? Of(Hl7Element pl, MessageScope scope)
    {
        var location = Of(pl[4], pl[1], pl[2], pl[3], pl[7], pl[8], scope);
        if (location is null)
        {
            return FhirText.String(pl[9]) is { } description ? Level(null, "", description, "description", null, scope) : null;
        }

        Comprehensive(location.Content, pl, scope);
        location.Content.Put("description", location.Content.ContainsKey("description") ? null : FhirText.String(pl[9]));
        return location;
    }

    // PL.10, PL.11: a number of the whole place, which is that of its innermost level.
    private static void Comprehensive(JsonObject location, Hl7Element pl, MessageScope scope)
    {
        if (EiToIdentifier.Identifier(pl[10], null, scope) is not { } number || (location["identifier"] as JsonArray)?.Any(i => (string?)i!["value"] == (string?)number["value"]) == true)
        {
            return;
        }

        if (FhirText.String(pl[11]) is { } authority)
        {
            number.Put("system", HdToUri.Uri(pl[11], scope));
            number["assigner"] = new JsonObject { ["display"] = authority };
        }

        location.Append("identifier", number);
    }

    /// <summary>The site that an HD names; null if it is empty.</summary>
    public static ResourceDraft? Site(Hl7Element hd, MessageScope scope) => Level(null, "", FhirText.String(hd), "si", HdToUri.Uri(hd, scope), scope);

    /// <summary>The innermost of the parts that are there; null if none is.</summary>
    public static ResourceDraft? Of(Hl7Element site, Hl7Element ward, Hl7Element room, Hl7Element bed, Hl7Element building, Hl7Element floor, MessageScope scope)
    {
        var path = "";
        var innermost = Site(site, scope);
        innermost = Next(innermost, ref path, building, "bu", scope);
        innermost = Next(innermost, ref path, floor, "lvl", scope);
        innermost = Next(innermost, ref path, ward, "wa", scope);
        innermost = Next(innermost, ref path, room, "ro", scope);
        return Next(innermost, ref path, bed, "bd", scope);
    }

    private static ResourceDraft? Next(ResourceDraft? outer, ref string path, Hl7Element part, string type, MessageScope scope)
    {
        if (FhirText.String(part) is not { } name)
        {
            return outer;
        }

        var key = $"{path}/{type}:{name}";
        var inner = Level(outer, key, name, type, null, scope);
        path = key;
        return inner;
    }

    // A level is known by the site (or the sending facility), and by all levels between.
    private static ResourceDraft? Level(ResourceDraft? outer, string key, string? name, string type, string? uri, MessageScope scope)
    {
        if (name is null && uri is null)
        {
            return outer;
        }

        var id = outer is null && type == "si"
            ? BusinessId.Of("Location", "site", uri)
            : BusinessId.Of("Location", outer?.Id ?? scope.Sender.Facility, type, key, name);
        var draft = scope.Resources.GetOrAdd("Location", id, TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            return draft;
        }

        var text = name ?? uri!;
        draft.Content["mode"] = "instance";
        if (type == "description")
        {
            draft.Content["description"] = text;
            return draft;
        }

        draft.Content["identifier"] = new JsonArray(new JsonObject { ["value"] = text });
        if (name is not null && uri is not null && (uri.StartsWith("urn:oid:", StringComparison.Ordinal) || uri.StartsWith("urn:uuid:", StringComparison.Ordinal)))
        {
            draft.Content.Append("identifier", new JsonObject { ["system"] = "urn:ietf:rfc:3986", ["value"] = uri });
        }

        draft.Content["name"] = text;
        draft.Content["physicalType"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = PhysicalType, ["code"] = type }) };
        draft.Content.Put("partOf", outer?.Reference(outer.Content["name"]));
        return draft;
    }
}
