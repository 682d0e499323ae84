using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CWE (producer's id and the like) -> Organization by code and coding system, else by name; the value is a Reference to it.</summary>
internal static class CweToOrganization
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Draft(value, scope) is { } draft ? XonToOrganization.Reference(draft) : null;

    /// <summary>Null if it names nothing.</summary>
    public static ResourceDraft? Draft(Hl7Element value, MessageScope scope)
    {
        if (scope.Named.Find("CWE", value) is { } before)
        {
            return before;
        }

        var code = FhirText.Code(value[1]);
        var key = code is null ? default(IdentifierKey?) : new IdentifierKey(scope.Maps.Systems.OfCodeSystem(FhirText.String(value[3])), code);
        var draft = XonToOrganization.Named(FhirText.String(value[2]) ?? FhirText.String(value[9]), key, null, scope);
        scope.Named.Add("CWE", value, draft);
        return draft;
    }
}
