using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>
/// One item of a collection: a place in a JSON document with its FHIR type, or a computed system value
/// (bool, int, long, decimal, string, PartialDateTime, Quantity, TypeInfo).
/// </summary>
internal readonly struct Item
{
    private static readonly object boxedTrue = true;
    private static readonly object boxedFalse = false;

    /// <summary>The JSON; undefined for computed values, for primitives that have only extensions, and for unresolved targets.</summary>
    public readonly JsonElement Json;

    /// <summary>The FHIR type; null for computed values and where the definitions know none.</summary>
    public readonly ModelType? Type;

    private readonly object? extra;

    public Item(JsonElement json, ModelType? type, Shadow? shadow = null) => (Json, Type, extra) = (json, type, shadow);

    public Item(object value) => extra = value;

    public Item(bool value) => extra = value ? boxedTrue : boxedFalse;

    /// <summary>The computed value; null for JSON.</summary>
    public object? Computed => extra is Shadow ? null : extra;

    /// <summary>The <c>_name</c> object of a primitive, which holds its id and extensions; undefined where there is none.</summary>
    public JsonElement ShadowJson => extra is Shadow shadow ? shadow.Json : default;

    public bool IsComputed => extra is not null and not Shadow;

    public SystemKind Kind => extra switch
    {
        null or Shadow => Type?.Kind ?? JsonKind(),
        bool => SystemKind.Boolean,
        int or long => SystemKind.Integer,
        decimal => SystemKind.Decimal,
        string => SystemKind.String,
        Quantity => SystemKind.Quantity,
        PartialDateTime time => time.Kind switch
        {
            TemporalKind.Date => SystemKind.Date,
            TemporalKind.DateTime => SystemKind.DateTime,
            _ => SystemKind.Time,
        },
        _ => SystemKind.None,
    };

    /// <summary>The item as a system value; null where it is no primitive, has no value or an unreadable one.</summary>
    public object? ToSystem()
    {
        if (IsComputed)
        {
            return extra;
        }

        switch (Kind)
        {
            case SystemKind.Boolean:
                return Json.ValueKind == JsonValueKind.True ? boxedTrue : Json.ValueKind == JsonValueKind.False ? boxedFalse : null;
            case SystemKind.Integer:
                return Json.ValueKind != JsonValueKind.Number ? null
                    : Json.TryGetInt32(out var number) ? number
                    : Json.TryGetInt64(out var large) ? large
                    : null;
            case SystemKind.Decimal:
                return Json.ValueKind == JsonValueKind.Number && Numbers.TryParseJson(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(Json), out var value) ? value : null;
            case SystemKind.String:
                return Json.TryGetText();
            case SystemKind.Date or SystemKind.DateTime or SystemKind.Time:
                return TryTemporal(out var temporal) ? temporal : null;
            case SystemKind.Quantity:
                return JsonQuantity();
            default:
                return null;
        }
    }

    /// <summary>The item as date or time, where it is one.</summary>
    public bool TryTemporal(out PartialDateTime value)
    {
        if (extra is PartialDateTime computed)
        {
            value = computed;
            return true;
        }

        value = default;
        if (Json.ValueKind != JsonValueKind.String || Kind is not (SystemKind.Date or SystemKind.DateTime or SystemKind.Time))
        {
            return false;
        }

        var raw = Json.TextUtf8();
        if (Kind == SystemKind.Time)
        {
            return PartialDateTime.TryParseTime(raw, out value);
        }

        if (!PartialDateTime.TryParse(raw, out value))
        {
            return false;
        }

        value = value.As(Kind == SystemKind.Date ? TemporalKind.Date : TemporalKind.DateTime);
        return true;
    }

    private SystemKind JsonKind() => Json.ValueKind switch
    {
        JsonValueKind.String => SystemKind.String,
        JsonValueKind.True or JsonValueKind.False => SystemKind.Boolean,
        JsonValueKind.Number => SystemKind.Decimal,
        _ => SystemKind.None,
    };

    private Quantity? JsonQuantity()
    {
        if (Json.ValueKind != JsonValueKind.Object
            || !Json.TryGetProperty("value"u8, out var number) || number.ValueKind != JsonValueKind.Number
            || !Numbers.TryParseJson(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(number), out var value)
            || Json.TryGetProperty("comparator"u8, out _))
        {
            return null;
        }

        return new Quantity(value, Text(Json, "code"u8) ?? Text(Json, "unit"u8) ?? "1");
    }

    private static string? Text(JsonElement json, ReadOnlySpan<byte> name) =>
        json.TryGetProperty(name, out var text) ? text.TryGetText() : null;
}

/// <summary>The <c>_name</c> object beside a primitive.</summary>
internal sealed class Shadow(JsonElement json)
{
    public JsonElement Json { get; } = json;
}

/// <summary>What <c>type()</c> gives.</summary>
internal sealed record TypeInfo(string Namespace, string Name);
