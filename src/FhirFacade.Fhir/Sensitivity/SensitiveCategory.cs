using System.Collections.Immutable;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Sensitivity;

/// <summary>A category of sensitive information: a value set, and the labels of whatever carries one of its codes.</summary>
/// <param name="Name">The value set's name, such as <c>substance-use</c>.</param>
/// <param name="Codes">The value set.</param>
/// <param name="Labels">What <c>useContext</c> of the value set says with the code <c>focus</c>.</param>
public sealed record SensitiveCategory(string Name, ValueSet Codes, ImmutableArray<SecurityLabel> Labels)
{
    // What v3-ActCode has side by side and people mean by the same.
    private static readonly ILookup<string, string> Beside = new (string Of, string Code)[]
    {
        ("MH", "BH"), ("MH", "EMOTDIS"), ("MH", "PSYTHPN"), ("SUD", "ETHUD"), ("SUD", "OPIOIDUD"), ("SDV", "MST"),
    }.ToLookup(pair => pair.Of, pair => pair.Code, StringComparer.Ordinal);

    // Those that v3-Confidentiality once had, too, and v2 table 0177 is mapped to.
    private static readonly string[] OnceConfidentiality = ["ETH", "HIV", "PSY", "SDV"];

    /// <summary>The labels by which the category is known, those that people and feeds give and no rule makes among them; not how confidential it is.</summary>
    public ImmutableArray<SecurityLabel> Known => [.. Labels.Where(label => label.Rank < 0).SelectMany(WithThoseBeside).Distinct()];

    private static IEnumerable<SecurityLabel> WithThoseBeside(SecurityLabel label) => label.System != SecurityLabel.ActCode
        ? [label]
        : [label, .. Beside[label.Code].Select(code => label with { Code = code }), .. OnceConfidentiality.Where(code => code == label.Code).Select(code => new SecurityLabel(SecurityLabel.Confidentiality, code))];
}
