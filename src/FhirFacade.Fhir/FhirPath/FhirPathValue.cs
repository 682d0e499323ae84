using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Functions;

namespace FhirFacade.Fhir.FhirPath;

/// <summary>One item of a FHIRPath collection: a place in a resource, or a value that was computed.</summary>
public readonly struct FhirPathValue
{
    private FhirPathValue(Item item) => Item = item;

    internal Item Item { get; }

    /// <summary>The type: a FHIR type (<c>CodeableConcept</c>, <c>dateTime</c>, <c>Patient.contact</c>) or <c>System.Boolean</c> and its like.</summary>
    public string TypeName => Item.IsComputed ? "System." + TypeTest.SystemName(Item.Computed!) : Item.Type?.Name ?? "Element";

    /// <summary>The JSON that it stands for; undefined for computed values.</summary>
    public JsonElement Json => Item.Json;

    /// <summary>
    /// The value of a primitive or computed item: bool, int, long, decimal, string,
    /// <see cref="Values.PartialDateTime"/> or <see cref="Values.Quantity"/>; null for structures.
    /// </summary>
    public object? Value => Item.ToSystem();

    /// <summary>A computed value: bool, int, decimal or string.</summary>
    public static FhirPathValue Of(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value is bool or int or long or decimal or string or Values.PartialDateTime or Values.Quantity
            ? new FhirPathValue(new Item(value))
            : throw new ArgumentException("Only FHIRPath system values can be given.", nameof(value));
    }

    /// <summary>A resource, whose type is what it says.</summary>
    public static FhirPathValue OfResource(JsonElement resource) => new(new Item(resource, ModelType.OfResource(resource)));

    /// <summary>The value in FHIRPath's own writing; for structures the type name.</summary>
    public override string ToString() => Conversion.Text(Value) ?? TypeName;

    internal static IReadOnlyList<FhirPathValue> From(in Collection items)
    {
        if (items.IsEmpty)
        {
            return [];
        }

        var values = new FhirPathValue[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new FhirPathValue(items[i]);
        }

        return values;
    }

    internal static Collection ToCollection(IReadOnlyList<FhirPathValue> values)
    {
        var items = new CollectionBuilder();
        foreach (var value in values)
        {
            items.Add(value.Item);
        }

        return items.ToCollection();
    }
}
