using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.FhirPath.Values;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>minValue, maxValue and maxLength (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_).</summary>
internal static class ValueLimits
{
    private const string Limit = "limit";
    private static readonly FhirPathExpression TooSmall = FhirPathExpression.Compile($"$this < %{Limit}");
    private static readonly FhirPathExpression TooLarge = FhirPathExpression.Compile($"$this > %{Limit}");

    public static void Check(InstanceNode node, ProfileElement element, Profile profile, ValidationRun run)
    {
        if (Breaks(node, element.MinValue, TooSmall))
        {
            run.Error(IssueType.Value, node.Place, $"The value is less than {profile.Url} allows.");
        }

        if (Breaks(node, element.MaxValue, TooLarge))
        {
            run.Error(IssueType.Value, node.Place, $"The value is greater than {profile.Url} allows.");
        }

        if (element.MaxLength is { } most && node.Json.ValueKind == JsonValueKind.String && node.Json.GetString()!.EnumerateRunes().Count() > most)
        {
            run.Error(IssueType.TooLong, node.Place, $"The text is longer than {most} characters, the most that {profile.Url} allows.");
        }
    }

    private static bool Breaks(InstanceNode node, JsonElement limit, FhirPathExpression comparison)
    {
        if (Value(limit) is not { } value)
        {
            return false;
        }

        try
        {
            return comparison.Test(node.Frame.Resource, node.ToFocus(), node.Frame.Context with
            {
                Variables = new Dictionary<string, IReadOnlyList<FhirPathValue>>(StringComparer.Ordinal) { [Limit] = [FhirPathValue.Of(value)] },
            }) == true;
        }
        catch (FhirPathEvaluationException)
        {
            // What cannot be compared is of another type than the profile takes for granted, which is reported where types are.
            return false;
        }
    }

    private static object? Value(JsonElement limit) => limit.ValueKind switch
    {
        JsonValueKind.Number when limit.TryGetDecimal(out var number) => number,
        JsonValueKind.String when PartialDateTime.TryParseLiteral(limit.GetString()!, out var time) => time,
        JsonValueKind.String when PartialDateTime.TryParseLiteral("T" + limit.GetString(), out var time) => time,
        JsonValueKind.Object when limit.Part("value") is { ValueKind: JsonValueKind.Number } amount && amount.TryGetDecimal(out var number) =>
            new Quantity(number, limit.Text("code") ?? limit.Text("unit") ?? "1"),
        _ => null,
    };
}
