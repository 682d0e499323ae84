using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Steps from an item to what is inside it.</summary>
internal static class Children
{
    /// <summary>Adds what the element holds; <paramref name="item"/> is of a type that has it.</summary>
    public static void Add(in Item item, ModelElement element, EvaluationState state, ref CollectionBuilder found)
    {
        if (item.Type!.IsPrimitive)
        {
            AddOfShadow(item.ShadowJson, element, state, ref found);
            return;
        }

        if (item.Json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (element.IsChoice)
        {
            AddChoice(item.Json, element, state, ref found);
        }
        else
        {
            AddVariant(item.Json, element.Variants[0], state, ref found);
        }
    }

    /// <summary>What a property of known type holds, where no <c>_name</c> stands beside it.</summary>
    public static Collection Of(JsonElement value, ModelVariant variant)
    {
        var found = new CollectionBuilder();
        AddValues(value, default, variant.Type, ref found);
        return found.ToCollection();
    }

    /// <summary>Adds the property of this name of an object whose type is not known.</summary>
    public static void AddUntyped(in Item item, string name, ref CollectionBuilder found)
    {
        if (item.Json.ValueKind == JsonValueKind.Object && item.Json.TryGetProperty(name, out var value))
        {
            AddValues(value, default, null, ref found);
        }
    }

    /// <summary>Adds every child, in document order.</summary>
    public static void AddAll(in Item item, EvaluationState state, ref CollectionBuilder found)
    {
        var json = item.Type is { IsPrimitive: true } ? item.ShadowJson : item.Json;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in json.EnumerateObject())
        {
            var name = property.Name;
            if (name == "resourceType")
            {
                continue;
            }

            var isShadow = name.StartsWith('_');
            var valueName = isShadow ? name[1..] : name;
            if (isShadow && json.TryGetProperty(valueName, out _))
            {
                continue;
            }

            var type = item.Type?.Property(valueName)?.Type;
            var shadow = isShadow ? property.Value
                : type is { IsPrimitive: true } && state.HasShadows && json.TryGetProperty("_" + name, out var beside) ? beside
                : default;
            AddValues(isShadow ? default : property.Value, shadow, type, ref found);
        }
    }

    /// <summary>The members of computed values that have any.</summary>
    public static object? OfComputed(object value, string name) => (value, name) switch
    {
        (Quantity quantity, "value") => quantity.Value,
        (Quantity quantity, "unit") => quantity.Unit,
        (TypeInfo type, "namespace") => type.Namespace,
        (TypeInfo type, "name") => type.Name,
        _ => null,
    };

    private static void AddOfShadow(JsonElement shadow, ModelElement element, EvaluationState state, ref CollectionBuilder found)
    {
        if (shadow.ValueKind == JsonValueKind.Object)
        {
            AddVariant(shadow, element.Variants[0], state, ref found);
        }
    }

    private static void AddVariant(JsonElement json, ModelVariant variant, EvaluationState state, ref CollectionBuilder found)
    {
        var has = json.TryGetProperty(variant.Name, out var value);
        JsonElement shadow = default;
        if (variant.Type is { IsPrimitive: true } && state.HasShadows)
        {
            has |= json.TryGetProperty(variant.ShadowName, out shadow);
        }

        if (has)
        {
            AddValues(value, shadow, variant.Type, ref found);
        }
    }

    private static void AddChoice(JsonElement json, ModelElement element, EvaluationState state, ref CollectionBuilder found)
    {
        ReadOnlySpan<byte> name = element.Utf8Name;
        foreach (var property in json.EnumerateObject())
        {
            var raw = JsonMarshal.GetRawUtf8PropertyName(property);
            var isShadow = !raw.IsEmpty && raw[0] == (byte)'_';
            if (!(isShadow ? raw[1..] : raw).StartsWith(name))
            {
                continue;
            }

            foreach (var variant in element.Variants)
            {
                if (!raw.SequenceEqual(isShadow ? variant.ShadowName : variant.Name))
                {
                    continue;
                }

                if (isShadow)
                {
                    if (!json.TryGetProperty(variant.Name, out _))
                    {
                        AddValues(default, property.Value, variant.Type, ref found);
                    }
                }
                else
                {
                    var shadow = default(JsonElement);
                    _ = variant.Type is { IsPrimitive: true } && state.HasShadows && json.TryGetProperty(variant.ShadowName, out shadow);
                    AddValues(property.Value, shadow, variant.Type, ref found);
                }

                break;
            }
        }
    }

    private static void AddValues(JsonElement value, JsonElement shadow, ModelType? type, ref CollectionBuilder found)
    {
        if (value.ValueKind != JsonValueKind.Array && shadow.ValueKind != JsonValueKind.Array)
        {
            AddValue(value, shadow, type, ref found);
            return;
        }

        var values = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0;
        if (shadow.ValueKind != JsonValueKind.Array)
        {
            foreach (var one in value.EnumerateArray())
            {
                AddValue(one, default, type, ref found);
            }

            return;
        }

        var shadows = shadow.GetArrayLength();
        for (var i = 0; i < Math.Max(values, shadows); i++)
        {
            AddValue(i < values ? value[i] : default, i < shadows ? shadow[i] : default, type, ref found);
        }
    }

    private static void AddValue(JsonElement value, JsonElement shadow, ModelType? type, ref CollectionBuilder found)
    {
        var hasValue = value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
        var hasShadow = shadow.ValueKind == JsonValueKind.Object;
        if (hasValue || hasShadow)
        {
            found.Add(new Item(
                hasValue ? value : default,
                type is { IsOpen: true } ? ModelType.OfResource(value) ?? type : type,
                hasShadow ? new Shadow(shadow) : null));
        }
    }
}
