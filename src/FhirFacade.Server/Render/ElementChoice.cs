using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Server.Render;

/// <summary>Decides which elements of a resource remain under <c>_summary</c> and <c>_elements</c> (R4 search.html, summary and elements).</summary>
/// <remarks>Mandatory and modifier elements always remain: without them the rest would not be valid, or would be misread.</remarks>
internal sealed class ElementChoice(Rendering rendering)
{
    /// <summary>Whether only some of what is inside an element remains too.</summary>
    public bool GoesDeep => rendering.Summary == Summary.True;

    /// <summary>Whether a property of the resource itself remains.</summary>
    /// <param name="resourceType">The resource's type.</param>
    /// <param name="name">The property's name, without the underscore of primitives' extensions.</param>
    /// <param name="match">What it means; null for a name that the type does not have.</param>
    public bool KeepsTop(string resourceType, string name, ElementMatch? match)
    {
        if (name is "resourceType" or "id" or "meta")
        {
            return true;
        }
        var needed = match is { Element: { Min: > 0 } or { IsModifier: true } };
        return rendering.Summary switch
        {
            Summary.True => match is not null && (needed || match.Element.IsSummary),
            Summary.Text => name == "text" || match is { Element.Min: > 0 },
            Summary.Data => name != "text" && Listed(resourceType, name, match, needed),
            _ => Listed(resourceType, name, match, needed),
        };
    }

    /// <summary>Whether a property inside a remaining element remains; asked only if <see cref="GoesDeep"/>.</summary>
    public static bool KeepsInside(ElementMatch? match) => match is { Element: { IsSummary: true } or { Min: > 0 } or { IsModifier: true } };

    private bool Listed(string resourceType, string name, ElementMatch? match, bool needed)
    {
        if (rendering.Elements.IsEmpty || needed)
        {
            return true;
        }
        foreach (var wanted in rendering.Elements)
        {
            var element = wanted.StartsWith(resourceType + ".", StringComparison.Ordinal) ? wanted.AsSpan(resourceType.Length + 1) : wanted;
            if (element.SequenceEqual(name) || element.SequenceEqual(match?.Element.Name))
            {
                return true;
            }
        }
        return false;
    }
}
