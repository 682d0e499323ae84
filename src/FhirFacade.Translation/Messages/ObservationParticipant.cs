using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>PRT after OBX: who performed the observation, and where (PRT-9, else the address PRT-14).</summary>
internal static class ObservationParticipant
{
    private const string EventLocation = "http://hl7.org/fhir/StructureDefinition/event-location";

    /// <summary>Adds to the observation; a participation that is deleted (PRT-2 D) is read and leaves nothing.</summary>
    public static void Prt(Hl7Segment prt, ResourceDraft observation, MessageScope scope)
    {
        var isDeleted = prt[2].Is("D");
        var content = isDeleted ? scope.Scratch(observation).Content : observation.Content;
        scope.Use.Read(prt, 2);
        if (Place(prt, scope) is { } place)
        {
            content.Extend(EventLocation, "valueReference", place.Reference((string?)place.Content["name"]));
        }

        if (Participant.Of(prt, scope) is { } who)
        {
            scope.Maps["PRT-PractitionerRole"].Run(prt, who.Role.Content.ContainsKey("code") ? scope.Scratch(who.Role) : who.Role, scope);
            content.Append("performer", who.AsRole());
        }
    }

    private static ResourceDraft? Place(Hl7Segment prt, MessageScope scope)
    {
        var place = PlToLocation.Of(prt[9].Repetition(1), scope);
        if (XadToAddress.Address(prt[14].Repetition(1), scope) is not { } address)
        {
            return place;
        }

        place ??= scope.Resources.GetOrAdd("Location", BusinessId.Of("Location", "address", address.ToJsonString()), TranslationMode.Merge, out _);
        if (!place.Content.ContainsKey("address"))
        {
            place.Content["address"] = address;
        }

        return place;
    }
}
