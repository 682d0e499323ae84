namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Three-valued logic: https://hl7.org/fhirpath/N1/#boolean-logic. The right side is evaluated only where it matters.</summary>
internal sealed class LogicNode(string @operator, Node left, Node right) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        var one = Singletons.Boolean(left.Evaluate(scope));
        return (@operator, one) switch
        {
            ("and", false) => new Collection(false),
            ("or", true) => new Collection(true),
            ("implies", false) => new Collection(true),
            _ => Collection.Of(Decide(one, Singletons.Boolean(right.Evaluate(scope)))),
        };
    }

    private bool? Decide(bool? one, bool? other) => @operator switch
    {
        "and" => one & other,
        "or" => one | other,
        "xor" => one ^ other,
        _ => one is null ? (other == true ? true : null) : other,
    };
}
