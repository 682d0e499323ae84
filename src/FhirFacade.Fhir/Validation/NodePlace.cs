using System.Globalization;
using System.Text;

namespace FhirFacade.Fhir.Validation;

/// <summary>Where a node stands, as a chain to the root; becomes a simple FHIRPath when an issue is written.</summary>
internal sealed record NodePlace(NodePlace? Parent, string Name, string? OfType = null, int Index = -1)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        Parent?.Write(text);
        text.Append(Parent is null ? "" : ".").Append(Name);
        if (OfType is not null)
        {
            text.Append(".ofType(").Append(OfType).Append(')');
        }

        if (Index >= 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{Index}]");
        }
    }
}
