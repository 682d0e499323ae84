using FhirFacade.Translation.Codes;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>A number and who gave it: what makes the ids of resources.</summary>
/// <param name="System">URI of the authority; null if nobody names one.</param>
/// <param name="Value">The number.</param>
internal readonly record struct IdentifierKey(string? System, string Value)
{
    /// <summary>The system, or for a number without authority the sending facility.</summary>
    public string Scope(MessageScope scope) => System ?? $"facility:{scope.Sender.Facility}";

    /// <summary>The authority of numbers that name none, if the feed profile has one.</summary>
    public static string? DefaultSystem(MessageScope scope) =>
        scope.Profile.DefaultAuthority is { } authority
            ? SystemUris.IsOid(authority) ? scope.Maps.Systems.OfAuthority(null, authority, "ISO") : scope.Maps.Systems.OfAuthority(authority, null, null)
            : null;
}
