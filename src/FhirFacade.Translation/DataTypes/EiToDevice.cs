using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>EI, CWE -> Device, once for each of the message; the value is a Reference to it.</summary>
internal static class EiToDevice
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) =>
        EiToIdentifier.Key(value, scope) is { } key ? Device(key, EiToIdentifier.Identifier(value, null, scope)!, null, scope).Reference() : default(Mapped);

    /// <summary>The device by its code; its text is its name.</summary>
    public static Mapped OfCwe(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.Code(value[1]) is not { } code)
        {
            return default;
        }

        var system = scope.Maps.Systems.OfCodeSystem(FhirText.String(value[3]));
        var identifier = new JsonObject();
        identifier.Put("system", system);
        identifier["value"] = code;
        var name = FhirText.String(value[2]);
        var device = Device(new IdentifierKey(system, code), identifier, name, scope);
        Alternates(value, device.Content, scope);
        return device.Reference(name);
    }

    // CWE.4 to CWE.6 and CWE.10 to CWE.12: the same device in other systems; CWE.9 is what the sender called it.
    private static void Alternates(Hl7Element value, JsonObject device, MessageScope scope)
    {
        foreach (var first in new[] { 4, 10 })
        {
            if (FhirText.Code(value[first]) is { } code && (device["identifier"] as JsonArray)?.Any(i => (string?)i!["value"] == code) != true)
            {
                var identifier = new JsonObject();
                identifier.Put("system", scope.Maps.Systems.OfCodeSystem(FhirText.String(value[first + 2])));
                identifier["value"] = code;
                device.Append("identifier", identifier);
            }
        }

        foreach (var text in new[] { 5, 11, 9 })
        {
            if (FhirText.String(value[text]) is { } name && (device["deviceName"] as JsonArray)?.Any(n => (string?)n!["name"] == name) != true)
            {
                device.Append("deviceName", new JsonObject { ["name"] = name, ["type"] = "other" });
            }
        }
    }

    private static ResourceDraft Device(IdentifierKey key, JsonObject identifier, string? name, MessageScope scope)
    {
        var draft = scope.Resources.GetOrAdd("Device", BusinessId.Of("Device", key.Scope(scope), key.Value), TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content["identifier"] = new JsonArray(identifier);
            draft.Content.Put("deviceName", name is null ? null : new JsonArray(new JsonObject { ["name"] = name, ["type"] = "other" }));
        }

        return draft;
    }
}
