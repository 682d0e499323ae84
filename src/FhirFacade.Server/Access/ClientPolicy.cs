using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.Access;

/// <summary>What a site takes away from the grants of a client. It never adds to one.</summary>
/// <param name="Client">The client, or <c>*</c>.</param>
/// <param name="Types">The resource types that remain; empty for all.</param>
/// <param name="Masked">Elements that are not shown.</param>
/// <param name="Denials">What is closed: resources that carry an excluded security label.</param>
/// <param name="Purposes">What the client may want data for, the usual purpose first; empty for what the site says of all.</param>
internal sealed record ClientPolicy(string Client, ImmutableArray<string> Types, ElementMask Masked, ImmutableArray<AccessDenial> Denials, ImmutableArray<string> Purposes)
{
    /// <summary>The policy of one entry of the settings, which has passed <see cref="Problem"/>.</summary>
    public static ClientPolicy From(ClientPolicyOptions options) => new(
        options.Client,
        [.. options.Types],
        ElementMask.Of(options.Masked.Select(path => ElementPath.Normal(path)!)),
        Excluding(options.ExcludedLabels),
        [.. options.PurposesOfUse])
    {
        SensitiveCategories = [.. options.SensitiveCategories],
    };

    /// <summary>The denial of what carries any of the labels (<c>system|code</c>, or a code); none for no labels.</summary>
    public static ImmutableArray<AccessDenial> Excluding(IReadOnlyCollection<string> labels) =>
        labels.Count == 0 ? [] : [new AccessDenial(AccessRule.AnyType, Interactions.All, null, $"_security={Uri.EscapeDataString(string.Join(',', labels.Select(Escaped)))}")];

    /// <summary>Names of sensitive categories that the client is given, or <c>*</c>.</summary>
    public ImmutableArray<string> SensitiveCategories { get; init; } = [];

    /// <summary>What is wrong with an entry of the settings; null for nothing.</summary>
    public static string? Problem(ClientPolicyOptions options) =>
        options.Client.Length == 0 ? "needs a Client"
        : options.Types.FirstOrDefault(type => !ResourceTables.Has(type)) is { } type ? $"Types: {type} is no resource type that is stored"
        : options.Masked.FirstOrDefault(path => ElementPath.Normal(path) is null) is { } path ? $"Masked: {path} is no element that can be hidden"
        : options.ExcludedLabels.Any(label => label.Trim('|').Length == 0 || label.EndsWith('|')) ? "ExcludedLabels: a label is system|code, or a code"
        : options.PurposesOfUse.Any(purpose => !PurposeOfUse.IsKnown(purpose)) ? "PurposesOfUse: a purpose is a code below PurposeOfUse of v3-ActReason"
        : null;

    /// <summary>What is left of a grant; purposes are for <see cref="ClientPolicies"/>.</summary>
    public AccessGrant Apply(AccessGrant grant) => grant with
    {
        Rules = [.. grant.Rules.SelectMany(Remaining).Select(rule => rule with { Masked = rule.Masked.And(Masked) })],
        Denials = [.. grant.Denials, .. Denials],
    };

    private IEnumerable<AccessRule> Remaining(AccessRule rule) =>
        Types.IsEmpty ? [rule]
        : rule.ResourceType == AccessRule.AnyType ? Types.Select(type => rule with { ResourceType = type })
        : Types.Contains(rule.ResourceType) ? [rule]
        : [];

    // R4 search.html, escaping search parameters; the stroke stays what parts system and code.
    private static string Escaped(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);
}
