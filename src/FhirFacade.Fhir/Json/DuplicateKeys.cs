using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Json;

/// <summary>Finds objects that have a key twice: which of the two counts, readers would disagree on.</summary>
internal static class DuplicateKeys
{
    public static ImmutableArray<Issue> Find(JsonElement root)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        Walk(root, ElementLocation.Of(root), issues);
        return issues.DrainToImmutable();
    }

    private static void Walk(JsonElement element, ElementLocation location, ImmutableArray<Issue>.Builder issues)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Report(element, location, issues);
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    {
                        location.Enter(property);
                        Walk(property.Value, location, issues);
                        location.Leave();
                    }
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    {
                        location.Enter(index);
                        Walk(item, location, issues);
                        location.Leave();
                    }

                    index++;
                }

                break;
        }
    }

    // Objects are small: comparing raw names pairwise costs less than a set, until they are not small.
    private static void Report(JsonElement element, ElementLocation location, ImmutableArray<Issue>.Builder issues)
    {
        var count = element.GetPropertyCount();
        if (count < 2)
        {
            return;
        }

        HashSet<string>? seen = null;
        if (count > 24 || HasEscapedName(element))
        {
            seen = new(count, StringComparer.Ordinal);
        }

        var position = 0;
        foreach (var property in element.EnumerateObject())
        {
            if (seen is null ? IsEarlier(element, property, position++) : !seen.Add(property.Name))
            {
                location.Enter(property);
                issues.Add(Issue.Error(IssueType.Structure, "The key occurs twice in one object.", location.ToString()));
                location.Leave();
            }
        }
    }

    private static bool HasEscapedName(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (JsonMarshal.GetRawUtf8PropertyName(property).Contains((byte)'\\'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEarlier(JsonElement element, JsonProperty property, int position)
    {
        var name = JsonMarshal.GetRawUtf8PropertyName(property);
        foreach (var other in element.EnumerateObject())
        {
            if (position-- == 0)
            {
                return false;
            }

            if (JsonMarshal.GetRawUtf8PropertyName(other).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
