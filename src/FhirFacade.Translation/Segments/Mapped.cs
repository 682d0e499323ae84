using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Segments;

/// <summary>What a data type map made of a field: a value, and for a primitive possibly its extensions (the <c>_name</c> property).</summary>
internal readonly record struct Mapped(JsonNode? Value, JsonObject? Sibling = null)
{
    public bool IsNothing => Value is null && Sibling is null;

    public static implicit operator Mapped(JsonNode? value) => new(value);

    public static implicit operator Mapped(string? text) => new(text is null ? null : JsonValue.Create(text));
}
