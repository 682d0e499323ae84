using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Systolic and diastolic pressure of one measurement -> one Observation with two components. They are of one measurement if they stand below the same order, are of
/// the same time and status, and say the same but for their values.
/// </summary>
internal sealed class BloodPressurePanel(MessageWalk walk)
{
    private const string Loinc = "http://loinc.org";
    private const string Panel = "85354-9";
    private const string Systolic = "8480-6";
    private const string Diastolic = "8462-4";

    // What a component says for itself.
    private static readonly string[] OfComponent = ["extension", "code", "valueQuantity", "dataAbsentReason", "interpretation", "referenceRange"];

    // What both may say, one after the other.
    private static readonly string[] Joined = ["identifier", "performer", "note"];

    private readonly List<(string Code, Order? Order, ResourceDraft Draft)> _pressures = [];

    /// <summary>Remembers the Observation if it is a pressure.</summary>
    public void Take(Order? order, ResourceDraft observation)
    {
        if (walk.Scope.Profile.BloodPressure == BloodPressure.Panel && Code(observation) is { } code)
        {
            _pressures.Add((code, order, observation));
        }
    }

    /// <summary>Joins what belongs together.</summary>
    public void Finish()
    {
        foreach (var (_, order, systolic) in _pressures.Where(static p => p.Code == Systolic).ToList())
        {
            var index = _pressures.FindIndex(p => p.Code == Diastolic && p.Order == order && IsOneMeasurement(systolic, p.Draft));
            if (index >= 0)
            {
                Join(order, systolic, _pressures[index].Draft);
                _pressures.RemoveAt(index);
            }
        }
    }

    private void Join(Order? order, ResourceDraft systolic, ResourceDraft diastolic)
    {
        // A heading without a value is the panel that it names.
        var heading = _pressures.FindIndex(p => p.Code == Panel && p.Order == order && !p.Draft.Content.Any(static e => e.Key == "component" || e.Key.StartsWith("value", StringComparison.Ordinal)));
        var panel = heading >= 0 ? _pressures[heading].Draft : new ResourceDraft("Observation", BusinessId.Of("Observation", systolic.Id, "blood pressure"), systolic.Mode, walk.Scope.Sender.Source);
        foreach (var (name, value) in systolic.Content)
        {
            if (!panel.Content.ContainsKey(name) && !OfComponent.Contains(name))
            {
                panel.Content[name] = value?.DeepClone();
            }
        }

        foreach (var (name, item) in Joined.SelectMany(name => ((diastolic.Content[name] as JsonArray) ?? []).Select(item => (name, item))))
        {
            if ((panel.Content[name] as JsonArray)?.Any(there => JsonNode.DeepEquals(there, item)) != true)
            {
                panel.Content.Append(name, item!.DeepClone());
            }
        }

        panel.Content["code"] ??= new JsonObject
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = Loinc, ["code"] = Panel, ["display"] = "Blood pressure panel with all children optional" }),
        };
        panel.Content.Remove("dataAbsentReason");
        panel.Content["component"] = new JsonArray(Component(systolic), Component(diastolic));
        panel.Time = systolic.Time;
        if (heading >= 0)
        {
            _pressures.RemoveAt(heading);
            walk.Scope.Resources.Remove(systolic);
        }
        else
        {
            walk.Scope.Resources.Replace(systolic, panel);
        }

        walk.Scope.Resources.Remove(diastolic);
        Refer(order, systolic, heading >= 0 ? null : panel);
        Refer(order, diastolic, null);
        walk.Scope.TraceInstead(systolic, panel, OfComponent, "component[systolic].");
        walk.Scope.TraceInstead(diastolic, panel, OfComponent, "component[diastolic].");
    }

    private static JsonObject Component(ResourceDraft pressure)
    {
        var component = new JsonObject();
        foreach (var name in OfComponent)
        {
            component.Put(name, pressure.Content[name]);
        }

        return component;
    }

    // Where the Observation was referred to the panel is; nothing, where the panel is already.
    private static void Refer(Order? order, ResourceDraft former, ResourceDraft? panel)
    {
        foreach (var (holder, list) in new[] { (order?.Report, "result"), (order?.Request, "supportingInfo"), (order?.ParentResult, "hasMember") })
        {
            if (holder?.Content[list] is not JsonArray references || references.FirstOrDefault(r => (string?)r!["reference"] == $"Observation/{former.Id}") is not { } reference)
            {
                continue;
            }

            if (panel is not null)
            {
                reference["reference"] = $"Observation/{panel.Id}";
            }
            else
            {
                references.Remove(reference);
            }
        }

        order?.Results.RemoveAll(r => r.Observation == former);
        if (panel is not null)
        {
            order?.Results.Add((Panel, null, panel));
        }
    }

    private static bool IsOneMeasurement(ResourceDraft one, ResourceDraft other) =>
        one.Mode == other.Mode && one.Content.ContainsKey("valueQuantity") && other.Content.ContainsKey("valueQuantity")
        && one.Content.Concat(other.Content).Select(static p => p.Key).Distinct().Where(static name => name != "id" && !OfComponent.Contains(name) && !Joined.Contains(name))
            .All(name => JsonNode.DeepEquals(one.Content[name], other.Content[name]));

    private static string? Code(ResourceDraft observation)
    {
        foreach (var coding in (observation.Content["code"]?["coding"] as JsonArray) ?? [])
        {
            if ((string?)coding!["system"] == Loinc && (string?)coding["code"] is Panel or Systolic or Diastolic)
            {
                return (string?)coding["code"];
            }
        }

        return null;
    }
}
