using FhirFacade.Fhir.Ucum;

namespace FhirFacade.Fhir.Terminology;

/// <summary>UCUM (https://hl7.org/fhir/R4/ucum.html): its codes are expressions, so they are judged and never listed.</summary>
internal sealed class UcumCodeSystem : ICodeSystem
{
    public string Url => "http://unitsofmeasure.org";

    public string? Version => null;

    public IEnumerable<Concept>? Concepts => null;

    public bool? Contains(string code) => UcumUnits.IsValid(code);

    public Concept? Find(string code) => UcumUnits.IsValid(code) ? new Concept(code, null) : null;

    public bool? IsA(string code, string ancestor) => string.Equals(code, ancestor, StringComparison.Ordinal) && UcumUnits.IsValid(code);

    /// <summary>The one filter of R4's value sets: <c>canonical</c> is what units of one kind have in common.</summary>
    public bool? Passes(string code, ConceptFilter filter) =>
        filter is { Property: "canonical", Operator: "=" } ? UcumUnits.AreComparable(code, filter.Value) : null;
}
