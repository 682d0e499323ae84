using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.Lineage;

/// <summary>
/// Where the elements came from that no row of a table made but the message's assembly: ids, references to what the message is about, and statuses that an event or another
/// segment decides.
/// </summary>
/// <param name="use">A field that nobody has read made nothing.</param>
/// <param name="lineage">Where entries go.</param>
internal sealed class AssembledElements(FieldUse use, List<LineageEntry> lineage)
{
    private readonly Dictionary<string, List<(Hl7Segment Segment, int Field)>> _keys = new(StringComparer.Ordinal);
    private readonly List<(ResourceDraft Draft, string Element, Hl7Segment Segment, int Field)> _said = [];

    /// <summary>The resource's id is made of this field; so is every reference to it.</summary>
    public void Key(ResourceDraft draft, Hl7Segment segment, params ReadOnlySpan<int> fields)
    {
        var name = $"{draft.Type}/{draft.Id}";
        if (_keys.ContainsKey(name))
        {
            return;
        }

        var key = _keys[name] = [];
        foreach (var field in fields)
        {
            if (segment[field].HasValue)
            {
                key.Add((segment, field));
            }
        }
    }

    /// <summary>The element is what this field says, or what follows from it.</summary>
    public void Said(ResourceDraft draft, string element, Hl7Segment segment, int field) => _said.Add((draft, element, segment, field));

    /// <summary>Adds what is known, when all segments have been walked.</summary>
    public void Finish(MessageScope scope)
    {
        var traced = lineage.Select(static entry => (entry.Resource, Element: Top(entry.Element))).ToHashSet();
        foreach (var (draft, element, segment, field) in _said.Where(said => said.Draft.Content[said.Element] is not null))
        {
            Add($"{draft.Type}/{draft.Id}", element, segment, field);
            traced.Add(($"{draft.Type}/{draft.Id}", element));
        }

        foreach (var draft in scope.Resources.All)
        {
            if (draft.Type is "MessageHeader" or "Provenance")
            {
                continue;
            }

            var name = $"{draft.Type}/{draft.Id}";
            Add(name, "id", name);
            foreach (var (element, value) in draft.Content)
            {
                if (value is null || element is "id" or "meta" or "resourceType" || traced.Contains((name, element)))
                {
                    continue;
                }

                if (element == "status" && !draft.IsPresumed(element))
                {
                    Add(name, element, scope.Header, 9);
                }

                foreach (var reference in References(value).Distinct())
                {
                    Add(name, value is JsonArray ? element + "[]" : element, reference);
                }
            }
        }
    }

    private void Add(string resource, string element, string of)
    {
        foreach (var (segment, field) in _keys.GetValueOrDefault(of) ?? [])
        {
            Add(resource, element, segment, field);
        }
    }

    private void Add(string resource, string element, Hl7Segment segment, int field)
    {
        if (use.IsRead(segment, field) && segment[field].HasValue)
        {
            lineage.Add(new LineageEntry(resource, element, segment[field].Location));
        }
    }

    private static string Top(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[', '(');
        return end < 0 ? path : path[..end];
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(static p => p.Key == "reference" && p.Value is JsonValue { Content: string reference } ? [reference] : References(p.Value)),
        JsonArray list => list.SelectMany(static item => References(item)),
        _ => [],
    };
}
