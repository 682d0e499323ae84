using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FhirFacade.Fhir.Definitions;

/// <summary>Single facts out of the JSON of an ElementDefinition, left out where the type says the same.</summary>
internal static class ProfileFacts
{
    private const string CoreDefinitions = "http://hl7.org/fhir/StructureDefinition/";
    private static readonly ConditionalWeakTable<DefinitionSet, FrozenSet<string>> KnownKeys = [];

    public static int Min(JsonElement definition, ElementDefinition? origin) =>
        definition.Number("min") is { } min && min > (origin?.Min ?? 0) ? min : 0;

    public static int? Max(JsonElement definition, ElementDefinition? origin) =>
        definition.Text("max") is { } text && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var max) && (origin is null || max != origin.Max) ? max : null;

    public static ImmutableArray<ProfileType> Types(JsonElement definition) =>
    [
        .. definition.Items("type").Select(type => new ProfileType(
            Code(type), [.. type.Texts("profile").Select(JsonReading.WithoutVersion)], [.. type.Texts("targetProfile").Select(JsonReading.WithoutVersion)])),
    ];

    /// <summary>Whether the list of types says more than the element's own.</summary>
    public static bool AddsTypes(ImmutableArray<ProfileType> types, ElementDefinition? origin)
    {
        if (types.IsEmpty || origin is null)
        {
            return false;
        }

        var isOwn = origin.Types is [var single] && single.Contains('.', StringComparison.Ordinal);
        return types.Any(type => !type.Profiles.IsEmpty)
            || (!isOwn && types.Length < origin.Types.Length)
            || types.Any(type => type.Code is "Reference" or "canonical" && !SameTargets(type.TargetProfiles, type.Code == "Reference" ? origin.ReferenceTargets : origin.CanonicalTargets));
    }

    /// <summary>The value of <c>fixed[x]</c> or <c>pattern[x]</c>.</summary>
    public static JsonElement Value(JsonElement definition, string name)
    {
        if (definition.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in definition.EnumerateObject())
            {
                if (property.Name.Length > name.Length && property.Name.StartsWith(name, StringComparison.Ordinal) && char.IsAsciiLetterUpper(property.Name[name.Length]))
                {
                    return property.Value.Clone();
                }
            }
        }

        return default;
    }

    public static Binding? Binding(JsonElement definition, ElementDefinition? origin) =>
        BindingReader.Read(definition) is { } binding && binding != origin?.Binding ? binding : null;

    public static int? MaxLength(JsonElement definition) => definition.Number("maxLength") is { } length && length > 0 ? length : null;

    public static ImmutableArray<Constraint> Constraints(JsonElement definition, DefinitionSet types)
    {
        var known = KnownKeys.GetValue(types, static set => set.Types
            .SelectMany(type => type.Constraints.Concat(type.Elements.SelectMany(element => element.Constraints))).Select(constraint => constraint.Key)
            .ToFrozenSet(StringComparer.Ordinal));
        return
        [
            .. definition.Items("constraint")
                .Where(constraint => constraint.Text("key") is { } key && !known.Contains(key) && constraint.Text("expression") is not null)
                .Select(constraint => new Constraint(constraint.Text("key")!, constraint.Text("severity") == "warning", constraint.Text("expression")!)),
        ];
    }

    public static Slicing? Slicing(JsonElement definition) => definition.Part("slicing") is { ValueKind: JsonValueKind.Object } slicing
        ? new Slicing(
            [.. slicing.Items("discriminator").Select(item => new Discriminator(
                Enum.TryParse<DiscriminatorType>(item.Text("type"), ignoreCase: true, out var type) ? type : DiscriminatorType.Value, item.Text("path") ?? "$this"))],
            slicing.Flag("ordered"),
            Enum.TryParse<SlicingRules>(slicing.Text("rules"), ignoreCase: true, out var rules) ? rules : SlicingRules.Open)
        : null;

    // A snapshot calls the type of an id or a url System.String; an extension of the type may say which it is.
    private static string Code(JsonElement type)
    {
        var code = type.Text("code") ?? "";
        return code.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal)
            ? type.Items("extension").Select(extension => extension.Text("valueUrl") ?? extension.Text("valueUri")).FirstOrDefault(url => url is not null) ?? "string"
            : code;
    }

    private static bool SameTargets(ImmutableArray<string> targets, ImmutableArray<string> own)
    {
        var names = targets.Select(target => target.StartsWith(CoreDefinitions, StringComparison.Ordinal) ? target[CoreDefinitions.Length..] : target).ToHashSet(StringComparer.Ordinal);
        return (own.IsEmpty && (names.Count == 0 || names.SetEquals(["Resource"]))) || names.SetEquals(own);
    }
}
