using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>EIP, a pair of EI in sub-components, -> Identifier of the placer or of the filler. The row's constant is the type.</summary>
internal static class EipToIdentifier
{
    public static Mapped Placer(Hl7Element value, MapRow row, MessageScope scope) => EiToIdentifier.Identifier(value[1], row.Constant, scope);

    public static Mapped Filler(Hl7Element value, MapRow row, MessageScope scope) => EiToIdentifier.Identifier(value[2], row.Constant, scope);

    /// <summary>Whichever is there, the placer's first.</summary>
    public static Mapped Either(Hl7Element value, MapRow row, MessageScope scope) => Placer(value, row, scope) is { IsNothing: false } placer ? placer : Filler(value, row, scope);

    /// <summary>ORC-4, an EI up to version 2.7 and an EIP from 2.8: the placer's group number.</summary>
    public static Mapped GroupPlacer(Hl7Element value, MapRow row, MessageScope scope) =>
        EiToIdentifier.Identifier(IsPair(value, scope) ? value[1] : value, row.Constant, scope);

    /// <summary>ORC-4 where it is an EIP: the filler's group number.</summary>
    public static Mapped GroupFiller(Hl7Element value, MapRow row, MessageScope scope) =>
        IsPair(value, scope) ? EiToIdentifier.Identifier(value[2], row.Constant, scope) : null;

    private static bool IsPair(Hl7Element value, MessageScope scope) =>
        !value[3].HasValue && !value[4].HasValue
        && (value[1].SubcomponentCount > 1 || value[2].SubcomponentCount > 1 || string.CompareOrdinal(scope.Message.Version, "2.8") >= 0);
}
