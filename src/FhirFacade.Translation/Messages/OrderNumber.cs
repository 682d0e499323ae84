using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>Placer and filler numbers as keys of ids.</summary>
internal static class OrderNumber
{
    /// <summary>The number as a key; one without authority is believed within its patient only.</summary>
    public static string Key(string kind, IdentifierKey number, ResourceDraft? patient, MessageScope scope) =>
        $"{kind}|{number.System ?? $"{number.Scope(scope)}|{patient?.Id}"}|{number.Value}";

    /// <summary>ORC-2 (the placer's, which order, dispense and administration have in common), else ORC-3; null without a number.</summary>
    public static string? OfOrc(Hl7Segment? orc, ResourceDraft? patient, MessageScope scope) =>
        orc is not { } common ? null
        : EiToIdentifier.Key(common[2].Repetition(1), scope) is { } placer ? Key("placer", placer, patient, scope)
        : EiToIdentifier.Key(common[3].Repetition(1), scope) is { } filler ? Key("filler", filler, patient, scope)
        : null;
}
