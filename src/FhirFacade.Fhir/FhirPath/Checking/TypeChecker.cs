using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.FhirPath.Checking;

/// <summary>
/// Follows the types through an expression whose root type is known, and refuses what can never be: an element that the type
/// does not have, an order where there is none (https://hl7.org/fhirpath/N1/#type-safety-and-strict-evaluation). Where a
/// type is not known, nothing is refused.
/// </summary>
internal sealed class TypeChecker(ModelType root)
{
    /// <summary>What the expression finds.</summary>
    /// <exception cref="FhirPathSyntaxException">It asks for what can never be.</exception>
    public static StaticType Check(Expression expression, ModelType root) => new TypeChecker(root).Check(expression, StaticType.Of(root));

    private StaticType Check(Expression expression, StaticType @this)
    {
        switch (expression)
        {
            case SpecialVariable { Name: "this" }:
                return @this;
            case ExternalConstant { Name: "context" }:
                return StaticType.Of(root);
            case ExternalConstant { Name: "resource" }:
                return ResourceOf(root);
            case Member { Source: null } member:
                return @this.IsA(member.Name) ? @this : Element(@this, member);
            case Member member:
                return Element(Check(member.Source!, @this), member);
            case Indexer indexer:
                Check(indexer.Index, @this);
                return Ordered(Check(indexer.Source, @this), indexer.Position);
            case TypeOperation operation:
                Check(operation.Operand, @this);
                return operation.Operator == "as" ? Named(operation.Type.Namespace, operation.Type.Name) : StaticType.Unknown;
            case Polarity polarity:
                Check(polarity.Operand, @this);
                return StaticType.Unknown;
            case Binary { Operator: "|" } union:
                return Check(union.Left, @this).Or(Check(union.Right, @this));
            case Binary binary:
                Check(binary.Left, @this);
                Check(binary.Right, @this);
                return StaticType.Unknown;
            case Call call:
                return CheckCall(call, call.Source is null ? @this : Check(call.Source, @this), @this);
            default:
                return StaticType.Unknown;
        }
    }

    private StaticType CheckCall(Call call, StaticType source, StaticType @this)
    {
        switch (call.Name)
        {
            case "as" or "ofType" or "is" when call.Arguments.Length == 1:
                return call.Name == "is" ? StaticType.Unknown : call.Arguments[0] switch
                {
                    Member { Source: null } name => Named(null, name.Name),
                    Member { Source: Member space } name => Named(space.Name, name.Name),
                    _ => StaticType.Unknown,
                };
            case "where" or "sort" or "trace":
                CheckArguments(call, source);
                return source;
            case "first" or "last" or "tail" or "skip" or "take":
                CheckArguments(call, @this);
                return Ordered(source, call.Position);
            case "single" or "distinct" or "intersect" or "exclude":
                CheckArguments(call, @this);
                return source;
            case "select" or "repeat" when call.Arguments.Length == 1:
                return Check(call.Arguments[0], source);
            case "union" or "combine" when call.Arguments.Length == 1:
                return source.Or(Check(call.Arguments[0], @this));
            case "iif" when call.Arguments.Length > 1:
                CheckArguments(call, source);
                return StaticType.Unknown;
            case "extension":
                return Named("FHIR", "Extension");
            case "elementDefinition":
                return Named("FHIR", "ElementDefinition");
            case "slice" or "checkModifiers":
                CheckArguments(call, @this);
                return source;
            case "children" or "descendants":
                return StaticType.Unknown with { IsOrdered = false };
            case "exists" or "all":
                CheckArguments(call, source);
                return StaticType.Unknown;
            case "aggregate" or "defineVariable" or "repeatAll":
                return call.Name == "defineVariable" ? source : StaticType.Unknown;
            default:
                CheckArguments(call, @this);
                return StaticType.Unknown;
        }
    }

    private void CheckArguments(Call call, StaticType @this)
    {
        foreach (var argument in call.Arguments)
        {
            Check(argument, @this);
        }
    }

    private static StaticType Element(StaticType source, Member member) =>
        source.Element(member.Name) ?? throw new FhirPathSyntaxException("the type has no such element", member.Position);

    /// <summary>The resource type that a part's type belongs to; a data type's parts stand in resources of any type.</summary>
    private static StaticType ResourceOf(ModelType part) =>
        ModelType.Find(part.Name.Split('.')[0]) is { IsResource: true } resource ? StaticType.Of(resource) : StaticType.Unknown;

    private static StaticType Ordered(StaticType source, int position) => source.IsOrdered
        ? source
        : throw new FhirPathSyntaxException("these items have no order", position);

    private static StaticType Named(string? @namespace, string name) =>
        @namespace is null or "FHIR" ? StaticType.Of(ModelType.Find(name)) : StaticType.Unknown;
}
