using System.Collections.Immutable;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Checking;

/// <summary>What is known before evaluation about the items of a collection.</summary>
/// <param name="Types">The FHIR types that items can have; default where that is not known.</param>
/// <param name="IsOrdered">Whether the specification gives the items an order.</param>
internal readonly record struct StaticType(ImmutableArray<ModelType> Types, bool IsOrdered = true)
{
    public static StaticType Unknown => default(StaticType) with { IsOrdered = true };

    public bool IsKnown => !Types.IsDefault;

    public static StaticType Of(ModelType? type) => type is null ? Unknown : new StaticType([type]);

    public StaticType Or(StaticType other) => new(
        IsKnown && other.IsKnown ? [.. Types.Union(other.Types)] : default,
        IsOrdered && other.IsOrdered);

    /// <summary>Whether every item may be taken for this type without asking it.</summary>
    public bool IsA(string typeName) => IsKnown && Types.Any(type => type.IsA(typeName));

    /// <summary>The type of an element; null where none of the types has it.</summary>
    public StaticType? Element(string name)
    {
        if (!IsKnown || Types.Any(type => type.IsOpen))
        {
            return Unknown;
        }

        StaticType? found = null;
        foreach (var element in Types.Select(type => type.Element(name)).OfType<ModelElement>())
        {
            foreach (var variant in element.Variants)
            {
                var type = Of(variant.Type);
                found = found is { } known ? known.Or(type) : type;
            }
        }

        return found;
    }
}
