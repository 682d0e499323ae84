namespace FhirFacade.Fhir.Access;

/// <summary>What is to be looked at inside of an object: properties that are hidden, hold a resource, or have such in them.</summary>
internal sealed class RedactionNode
{
    /// <summary>The property is taken out.</summary>
    public static RedactionNode Hidden { get; } = new() { IsHidden = true };

    /// <summary>The property holds resources.</summary>
    public static RedactionNode Resource { get; } = new() { IsResource = true };

    public bool IsHidden { get; private init; }

    public bool IsResource { get; private init; }

    public Dictionary<string, RedactionNode> Parts { get; } = new(StringComparer.Ordinal);

    /// <summary>What is to be done with a property; null: it stays as it is. What extends a primitive (<c>_birthDate</c>) goes with it.</summary>
    public RedactionNode? Find(string property) => Parts.GetValueOrDefault(property.StartsWith('_') ? property[1..] : property);
}
