using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Dosage instructions to which several segments contribute: the dose of RXO, RXE or RXG, one instruction a TQ1, and the routes of RXR.
/// What is said once holds for every instruction; a second route is an instruction of its own.
/// </summary>
internal sealed class Dosage
{
    private const string Element = "dosageInstruction";

    private readonly JsonObject _shared = [];
    private readonly List<JsonObject> _timings = [];
    private readonly List<JsonObject> _routes = [];

    /// <summary>Takes what a segment's map has just written for all instructions.</summary>
    public void Share(JsonObject content)
    {
        foreach (var instruction in Take(content))
        {
            Merge(_shared, instruction);
        }
    }

    public void Timing(JsonObject content) => _timings.AddRange(Take(content));

    public void Route(JsonObject content) => _routes.AddRange(Take(content));

    /// <summary>Writes the list, if there is anything to say.</summary>
    public void Finish(JsonObject content)
    {
        if (_routes.Count > 0)
        {
            Merge(_shared, _routes[0]);
        }

        var list = new JsonArray();
        foreach (var timing in _timings.Count > 0 ? _timings : [new JsonObject()])
        {
            var instruction = (JsonObject)_shared.DeepClone();
            Merge(instruction, timing);
            PerDay(instruction);
            Bounds(instruction);
            if (instruction.Count > 0)
            {
                list.Add(instruction);
            }
        }

        foreach (var route in _routes.Skip(1))
        {
            list.Add(route);
        }

        if (list.Count > 0)
        {
            content[Element] = list;
        }
    }

    // What v2 calls a total daily dose is a maximum for one day.
    private static void PerDay(JsonObject instruction)
    {
        if (instruction["maxDosePerPeriod"] is JsonObject ratio)
        {
            ratio["denominator"] = new JsonObject { ["value"] = 1, ["unit"] = "d", ["system"] = "http://unitsofmeasure.org", ["code"] = "d" };
        }
    }

    // One kind of bounds: a period says more than a duration. An end before its start is none (per-1).
    private static void Bounds(JsonObject instruction)
    {
        if (instruction["timing"]?["repeat"] is not JsonObject repeat || repeat["boundsPeriod"] is not JsonObject period)
        {
            return;
        }

        repeat.Remove("boundsDuration");
        PeriodEnd.Drop(period);
    }

    private static List<JsonObject> Take(JsonObject content)
    {
        if (content[Element] is not JsonArray made)
        {
            return [];
        }

        content.Remove(Element);
        var items = made.OfType<JsonObject>().ToList();
        made.Clear();
        return items;
    }

    // Objects merge, anything else the later segment says better.
    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from.ToArray())
        {
            if (into[name] is JsonObject inner && value is JsonObject other)
            {
                Merge(inner, other);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}
