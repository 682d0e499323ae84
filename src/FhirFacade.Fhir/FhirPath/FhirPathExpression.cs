using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Checking;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.FhirPath;

/// <summary>A FHIRPath expression, compiled once; immutable and safe to use from many threads.</summary>
public sealed class FhirPathExpression
{
    private readonly Node node;

    private FhirPathExpression(string text, Node node) => (Text, this.node) = (text, node);

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Parses and compiles the expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="dialect">How it is meant.</param>
    /// <exception cref="FhirPathSyntaxException">
    /// The text is not FHIRPath, or names a function or type that does not exist; the message gives position and rule.
    /// </exception>
    public static FhirPathExpression Compile(string text, FhirPathDialect dialect = FhirPathDialect.Standard) =>
        new(text, new Compiler(dialect).Compile(Parser.Parse(text)));

    /// <summary>
    /// As <see cref="Compile(string, FhirPathDialect)"/>, and refuses what a resource (or element) of this type can never have.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <param name="typeName">The R4 type that it will be evaluated over, such as <c>Patient</c> or <c>Patient.contact</c>.</param>
    /// <param name="dialect">How it is meant.</param>
    /// <exception cref="FhirPathSyntaxException">As there, or an element does not exist, or an order is asked where there is none.</exception>
    /// <exception cref="ArgumentException">There is no type of this name.</exception>
    public static FhirPathExpression Compile(string text, string typeName, FhirPathDialect dialect = FhirPathDialect.Standard)
    {
        var root = ModelType.Find(typeName) ?? throw new ArgumentException("There is no R4 type of this name.", nameof(typeName));
        var tree = Parser.Parse(text);
        TypeChecker.Check(tree, root);
        return new(text, new Compiler(dialect).Compile(tree));
    }

    /// <summary>
    /// As <see cref="Compile(string, FhirPathDialect)"/>, for resources of one type alone: sides of a union that start at another type
    /// are left out, as parameters of several types have many of.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <param name="typeName">The type of every resource that it will be evaluated over.</param>
    /// <param name="dialect">How it is meant.</param>
    /// <exception cref="FhirPathSyntaxException">As there.</exception>
    public static FhirPathExpression CompileFor(string text, string typeName, FhirPathDialect dialect = FhirPathDialect.Standard)
    {
        var compiler = new Compiler(dialect);
        var tree = Parser.Parse(text);
        _ = compiler.Compile(tree);
        return new(text, compiler.Compile(UnionSides.For(typeName, tree)));
    }

    /// <summary>Evaluates over a resource. The values point into its JSON, which must outlive them.</summary>
    /// <exception cref="FhirPathEvaluationException">The expression asks for what the specification calls an error.</exception>
    public IReadOnlyList<FhirPathValue> Evaluate(JsonElement resource, FhirPathContext? context = null) =>
        FhirPathValue.From(Run(resource, null, context));

    /// <summary>Evaluates over one value of an earlier evaluation inside the resource, as an invariant of an element needs it.</summary>
    /// <exception cref="FhirPathEvaluationException">The expression asks for what the specification calls an error.</exception>
    public IReadOnlyList<FhirPathValue> Evaluate(JsonElement resource, FhirPathValue focus, FhirPathContext? context = null) =>
        FhirPathValue.From(Run(resource, focus.Item, context));

    /// <summary>The result as a condition: null for empty, true for a single value that is not a boolean.</summary>
    /// <exception cref="FhirPathEvaluationException">There are several values, or another error that the specification demands.</exception>
    public bool? Test(JsonElement resource, FhirPathValue? focus = null, FhirPathContext? context = null) =>
        Singletons.Boolean(Run(resource, focus?.Item, context));

    private Collection Run(JsonElement resource, Item? focus, FhirPathContext? context)
    {
        var state = new EvaluationState(new Item(resource, ModelType.OfResource(resource)), context ?? FhirPathContext.None);
        state.Focus = focus ?? state.Root;
        return node.Evaluate(new Scope(state) { This = new Collection(state.Focus) });
    }
}
