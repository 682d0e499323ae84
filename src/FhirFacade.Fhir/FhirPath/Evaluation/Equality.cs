using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Equality and equivalence: https://hl7.org/fhirpath/N1/#equality</summary>
internal static class Equality
{
    /// <summary><c>=</c>: null where either side is empty, or where precision leaves it open.</summary>
    public static bool? AreEqual(in Collection left, in Collection right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return null;
        }

        if (left.Count != right.Count)
        {
            return false;
        }

        bool? result = true;
        for (var i = 0; i < left.Count; i++)
        {
            switch (AreEqual(left[i], right[i]))
            {
                case false:
                    return false;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }

    /// <summary><c>~</c>: order does not matter.</summary>
    public static bool AreEquivalent(in Collection left, in Collection right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        var used = new bool[right.Count];
        for (var i = 0; i < left.Count; i++)
        {
            var match = 0;
            while (match < right.Count && (used[match] || !AreEquivalent(left[i], right[match])))
            {
                match++;
            }

            if (match == right.Count)
            {
                return false;
            }

            used[match] = true;
        }

        return true;
    }

    public static bool? AreEqual(in Item left, in Item right)
    {
        var (leftKind, rightKind) = (left.Kind, right.Kind);
        if (leftKind == SystemKind.String && rightKind == SystemKind.String)
        {
            return (left.Computed, right.Computed) switch
            {
                (string text, null) => right.Json.IsText(text),
                (null, string text) => left.Json.IsText(text),
                _ => string.Equals((string?)left.ToSystem(), (string?)right.ToSystem(), StringComparison.Ordinal),
            };
        }

        if (leftKind == SystemKind.None || rightKind == SystemKind.None)
        {
            return leftKind == rightKind && AreEqualStructures(left, right);
        }

        return (left.ToSystem(), right.ToSystem()) switch
        {
            (null, null) => AreEqualStructures(left, right),
            (null, _) or (_, null) => false,
            (bool one, bool other) => one == other,
            (PartialDateTime one, PartialDateTime other) => (one.Kind == TemporalKind.Time) != (other.Kind == TemporalKind.Time)
                ? false
                : one.Compare(other) is { } order ? order == 0 : null,
            (Quantity one, Quantity other) => one.Compare(other) is { } order ? order == 0 : Incomparable(one, other),
            (Quantity one, { } other) when ToDecimal(other) is { } number => one.Compare(new Quantity(number, "1")) == 0,
            ({ } one, Quantity other) when ToDecimal(one) is { } number => other.Compare(new Quantity(number, "1")) == 0,
            ({ } one, { } other) => ToDecimal(one) is { } number && ToDecimal(other) is { } otherNumber && number == otherNumber,
        };
    }

    public static bool AreEquivalent(in Item left, in Item right)
    {
        if (left.Kind == SystemKind.None || right.Kind == SystemKind.None)
        {
            return left.Kind == right.Kind
                && (left.IsComputed ? AreEqualStructures(left, right) : AreEquivalentJson(left.Json, right.Json));
        }

        return (left.ToSystem(), right.ToSystem()) switch
        {
            (string one, string other) => Normalize(one) == Normalize(other),
            (bool one, bool other) => one == other,
            (PartialDateTime one, PartialDateTime other) => (one.Kind == TemporalKind.Time) == (other.Kind == TemporalKind.Time) && one.Compare(other) == 0,
            (Quantity one, Quantity other) => one.IsEquivalentTo(other),
            ({ } one, { } other) => ToDecimal(one) is { } number && ToDecimal(other) is { } otherNumber && Numbers.AreEquivalent(number, otherNumber),
            (null, null) => AreEquivalentJson(left.Json, right.Json),
            _ => false,
        };
    }

    public static decimal? ToDecimal(object value) => value switch
    {
        int number => number,
        long number => number,
        decimal number => number,
        _ => null,
    };

    /// <summary>A calendar month or year against UCUM's average one: nobody knows. Other units that do not fit: not equal.</summary>
    private static bool? Incomparable(Quantity one, Quantity other) =>
        one.IsCalendar != other.IsCalendar && (one.Unit is "year" or "month" || other.Unit is "year" or "month") ? null : false;

    private static bool AreEqualStructures(in Item left, in Item right) => left.IsComputed || right.IsComputed
        ? Equals(left.Computed, right.Computed)
        : left.Json.ValueKind == JsonValueKind.Undefined || right.Json.ValueKind == JsonValueKind.Undefined
            ? left.Json.ValueKind == right.Json.ValueKind && AreEqualJson(left.ShadowJson, right.ShadowJson)
            : AreEqualJson(left.Json, right.Json);

    private static bool AreEqualJson(JsonElement left, JsonElement right) =>
        left.ValueKind == JsonValueKind.Undefined || right.ValueKind == JsonValueKind.Undefined
            ? left.ValueKind == right.ValueKind
            : JsonElement.DeepEquals(left, right);

    private static bool AreEquivalentJson(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                return left.GetPropertyCount() == right.GetPropertyCount()
                    && left.EnumerateObject().All(p => right.TryGetProperty(p.Name, out var other) && AreEquivalentJson(p.Value, other));
            case JsonValueKind.Array:
                var rest = right.EnumerateArray().ToList();
                return left.GetArrayLength() == rest.Count
                    && left.EnumerateArray().All(item => rest.FindIndex(other => AreEquivalentJson(item, other)) is >= 0 and var at && RemoveAt(rest, at));
            case JsonValueKind.String:
                return Normalize(left.TryGetText() ?? "") == Normalize(right.TryGetText() ?? "");
            case JsonValueKind.Number when left.TryGetDecimal(out var one) && right.TryGetDecimal(out var other):
                return Numbers.AreEquivalent(one, other);
            default:
                return AreEqualJson(left, right);
        }
    }

    private static bool RemoveAt(List<JsonElement> list, int index)
    {
        list.RemoveAt(index);
        return true;
    }

    private static string Normalize(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLower(CultureInfo.InvariantCulture);
}
