using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Patch;

/// <summary>The value of an operation, as the element that it is meant for holds it.</summary>
/// <param name="Match">The element, and for a choice the type that the value has.</param>
/// <param name="JsonName">The name of its JSON property.</param>
/// <param name="Value">The value; null where a primitive has extensions only.</param>
/// <param name="Shadow">The id and extensions of a primitive.</param>
internal sealed record PatchValue(ElementMatch Match, string JsonName, JsonNode? Value, JsonNode? Shadow)
{
    private static readonly TypeDefinition Parameter = R4.Definitions.Type("Parameters.parameter")!;

    /// <summary>Reads a part for an element of a type; a failure where it has no value that fits.</summary>
    public static (PatchValue? Value, PatchFailure? Failure) Read(JsonElement part, TypeDefinition owner, string name)
    {
        if (owner.Element(name) is not { } element)
        {
            return Fail("The type has no element of that name.");
        }

        if (part.ValueKind != JsonValueKind.Object)
        {
            return Fail("The operation has no value.");
        }

        var (given, value, shadow) = Given(part);
        var jsonName = !element.IsChoice ? element.Name
            : given is null ? name
            : string.Concat(element.Name, given.TypeName[..1].ToUpperInvariant(), given.TypeName.AsSpan(1));
        if (!owner.TryMatch(jsonName, out var match))
        {
            return Fail("The element has no choice of that type.");
        }

        if (given is null)
        {
            return part.TryGetProperty("resource"u8, out var resource) ? Resource(match, jsonName, resource) : Parts(part, match, jsonName);
        }

        return Fits(given, match)
            ? (new(match, jsonName, value.ValueKind == JsonValueKind.Undefined ? null : JsonNodes.From(value), shadow.ValueKind == JsonValueKind.Undefined ? null : JsonNodes.From(shadow)), null)
            : Fail("The value is of another type than the element.");
    }

    private static (PatchValue? Value, PatchFailure? Failure) Resource(ElementMatch match, string jsonName, JsonElement resource) =>
        match.TypeIn(R4.Definitions).Kind == TypeKind.Resource
            ? (new(match, jsonName, JsonNodes.From(resource), null), null)
            : Fail("The value is of another type than the element.");

    /// <summary>A structure, given element by element, as those without a type name are.</summary>
    private static (PatchValue? Value, PatchFailure? Failure) Parts(JsonElement part, ElementMatch match, string jsonName)
    {
        var type = match.TypeIn(R4.Definitions);
        if (!part.TryGetProperty("part"u8, out var parts) || type.Kind is TypeKind.Primitive or TypeKind.Resource)
        {
            return Fail("The operation has no value.");
        }

        var json = new JsonObject();
        foreach (var child in parts.EnumerateArray())
        {
            var (value, failure) = Read(child, type, child.GetProperty("name").GetString()!);
            if ((failure ?? ElementValues.Add(json, value!)) is { } broken)
            {
                return (null, broken);
            }
        }

        return (new(match, jsonName, json, null), null);
    }

    private static (ElementMatch? Type, JsonElement Value, JsonElement Shadow) Given(JsonElement part)
    {
        (ElementMatch? Type, JsonElement Value, JsonElement Shadow) given = default;
        foreach (var property in part.EnumerateObject())
        {
            var isShadow = property.Name.StartsWith('_');
            if (Parameter.TryMatch(isShadow ? property.Name[1..] : property.Name, out var match) && match.Element.IsChoice)
            {
                given = isShadow ? (match, given.Value, property.Value) : (match, property.Value, given.Shadow);
            }
        }

        return given;
    }

    // Primitives fit where JSON writes them alike: a date where a dateTime is wanted. What they say the validator checks.
    private static bool Fits(ElementMatch given, ElementMatch wanted) =>
        given.TypeName == wanted.TypeName
        || (given.Primitive != PrimitiveKind.None && wanted.Primitive != PrimitiveKind.None && JsonKind(given.Primitive) == JsonKind(wanted.Primitive))
        || (given.Primitive == PrimitiveKind.None && (R4.Definitions.IsA(given.TypeName, wanted.TypeName) || R4.Definitions.IsA(wanted.TypeName, given.TypeName)));

    private static JsonValueKind JsonKind(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.Boolean => JsonValueKind.True,
        PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt => JsonValueKind.Number,
        _ => JsonValueKind.String,
    };

    private static (PatchValue? Value, PatchFailure? Failure) Fail(string rule) => (null, new(rule));
}
