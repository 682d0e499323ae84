using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// CWE -> Reference by identifier and name: a room, an instrument or a team that only its own scheduling system knows. Which of them it is
/// AIG does not say in words that everyone understands, so no resource is made of it.
/// </summary>
internal static class CweToActor
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var identifier = (JsonObject?)CweToIdentifier.Map(value, row, scope).Value;
        var name = FhirText.String(value[2]) ?? FhirText.String(value[9]);
        if (identifier is null && name is null)
        {
            return default;
        }

        var actor = new JsonObject();
        actor.Put("identifier", identifier);
        actor.Put("display", name);
        return actor;
    }
}
