using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>One RXO, RXE, RXG, RXD or RXA: its resource, and what the segments after it add.</summary>
internal sealed class MedicationDetail(ResourceDraft draft, ResourceDraft target, MessageScope scope)
{
    private readonly List<JsonObject> _components = [];
    private ResourceDraft? _medication;

    /// <summary>The resource.</summary>
    public ResourceDraft Draft { get; } = draft;

    /// <summary>Where the segments write: the resource, or a scratch if it has been made before.</summary>
    public ResourceDraft Target { get; } = target;

    public Dosage Dosage { get; } = new();

    /// <summary>Form, strength, lot and ingredients: what needs a Medication of its own.</summary>
    public ResourceDraft Medication => _medication ??= new ResourceDraft("Medication", BusinessId.Of("Medication", "order", Draft.Id), TranslationMode.Replace, scope.Sender.Source);

    /// <summary>Completes the resource: dosage, and the Medication if there is more to it than a code.</summary>
    public void Finish()
    {
        if (Target.Type is "MedicationRequest" or "MedicationDispense")
        {
            Dosage.Finish(Target.Content);
        }

        if (!Target.Content.ContainsKey("medicationCodeableConcept"))
        {
            Target.Content["medicationCodeableConcept"] = DataAbsent.Unknown();
            Target.Presumed("medicationCodeableConcept");
        }

        if (_medication is not null)
        {
            Ingredients(_medication.Content);
            if (_medication.Content.Count > 3 && Target == Draft)
            {
                Reference(scope.Resources.Adopt(_medication));
            }
        }
    }

    /// <summary>An ingredient that an RXC has made.</summary>
    public void Component(JsonObject ingredient) => _components.Add(ingredient);

    private void Reference(ResourceDraft medication)
    {
        var code = Target.Content["medicationCodeableConcept"];
        Target.Content.Remove("medicationCodeableConcept");
        if (code is JsonObject concept && !concept.ContainsKey("extension"))
        {
            medication.Content["code"] = concept;
        }

        Target.Content["medicationReference"] = medication.Reference(Text(medication.Content["code"]));
    }

    // A strength is a ratio: of one, where the segment does not say of how much. Its item is the medication itself.
    private void Ingredients(JsonObject medication)
    {
        foreach (var ingredient in medication["ingredient"] is JsonArray own ? own.OfType<JsonObject>() : [])
        {
            ingredient["itemCodeableConcept"] = Target.Content["medicationCodeableConcept"]!.DeepClone();
            Strength(ingredient);
        }

        foreach (var component in _components)
        {
            Strength(component);
            component["itemCodeableConcept"] ??= DataAbsent.Unknown();
            medication.Append("ingredient", component);
        }
    }

    private static void Strength(JsonObject ingredient)
    {
        if (ingredient["strength"] is not JsonObject strength)
        {
            return;
        }

        if (!strength.ContainsKey("numerator"))
        {
            ingredient.Remove("strength");
            return;
        }

        strength["denominator"] ??= new JsonObject { ["value"] = 1 };
    }

    private static string? Text(JsonNode? code) => (string?)code?["text"] ?? (string?)code?["coding"]?[0]?["display"];
}
