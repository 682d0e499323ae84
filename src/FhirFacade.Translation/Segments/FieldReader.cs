using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.Segments;

/// <summary>Reads a field, component or sub-component for a segment that is being mapped.</summary>
internal delegate Hl7Element FieldReader(Hl7Segment segment, MessageScope scope);

/// <summary>Compiles coordinates of the tables, such as <c>PV1-45</c> or <c>MSH-9.2</c>.</summary>
internal static class FieldReaders
{
    /// <summary>Of the mapped segment itself, or of another of the same group.</summary>
    /// <exception cref="InvalidMapException">Not a coordinate with a field.</exception>
    public static FieldReader Compile(string text, string segment)
    {
        if (!Coordinate.TryParse(text, out var at) || at.Field == 0)
        {
            throw new InvalidMapException($"'{text}' is no field");
        }

        return at.Segment == segment ? (s, _) => At(s, at) : (_, scope) => scope.Related(at.Segment) is { } other ? At(other, at) : default;
    }

    private static Hl7Element At(Hl7Segment segment, Coordinate at)
    {
        var element = segment[at.Field];
        if (at.Component == 0)
        {
            return element;
        }

        element = element[at.Component];
        return at.Subcomponent == 0 ? element : element.Subcomponent(at.Subcomponent);
    }
}
