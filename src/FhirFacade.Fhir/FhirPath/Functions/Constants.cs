using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhir/R4/fhirpath.html#vars</summary>
internal sealed class ConstantNode(string name, int position) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        if (Constants.Fixed(name) is { } text)
        {
            return Collection.Of(text);
        }

        var state = scope.State;
        switch (name)
        {
            case "resource":
                return new Collection(state.Root);
            case "rootResource":
                return new Collection(state.Container);
            case "context":
                return new Collection(state.Focus);
        }

        return scope.TryVariable(name, out var value) ? value
            : state.Context.Variables is { } variables && variables.TryGetValue(name, out var given) ? FhirPathValue.ToCollection(given)
            : throw new FhirPathEvaluationException($"At character {position + 1} stands a constant that is not known.");
    }
}

internal static class Constants
{
    private const string ValueSetPrefix = "vs-";
    private const string ExtensionPrefix = "ext-";

    public static string? Fixed(string name) => name switch
    {
        "ucum" => "http://unitsofmeasure.org",
        "sct" => "http://snomed.info/sct",
        "loinc" => "http://loinc.org",
        _ when name.StartsWith(ValueSetPrefix, StringComparison.Ordinal) => $"http://hl7.org/fhir/ValueSet/{name[ValueSetPrefix.Length..]}",
        _ when name.StartsWith(ExtensionPrefix, StringComparison.Ordinal) => $"http://hl7.org/fhir/StructureDefinition/{name[ExtensionPrefix.Length..]}",
        _ => null,
    };

    public static bool IsReserved(string name) => name is "resource" or "rootResource" or "context" || Fixed(name) is not null;
}
