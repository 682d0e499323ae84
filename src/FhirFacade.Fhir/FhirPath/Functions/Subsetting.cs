using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#subsetting and https://hl7.org/fhirpath/N1/#combining</summary>
internal static class Subsetting
{
    public static Collection Single(in Collection input, Node[] arguments, Scope scope) =>
        input.Count > 1 ? throw Singletons.Several() : input;

    public static Collection First(in Collection input, Node[] arguments, Scope scope) => input.Slice(0, 1);

    public static Collection Last(in Collection input, Node[] arguments, Scope scope) => input.Slice(input.Count - 1);

    public static Collection Tail(in Collection input, Node[] arguments, Scope scope) => input.Slice(1);

    public static Collection Skip(in Collection input, Node[] arguments, Scope scope) =>
        Singletons.Integer(arguments[0].Evaluate(scope)) is { } count ? input.Slice(count) : Collection.Empty;

    public static Collection Take(in Collection input, Node[] arguments, Scope scope) =>
        Singletons.Integer(arguments[0].Evaluate(scope)) is { } count && count > 0 ? input.Slice(0, count) : Collection.Empty;

    public static Collection Intersect(in Collection input, Node[] arguments, Scope scope)
    {
        var other = arguments[0].Evaluate(scope);
        scope.State.Step(1 + (input.Count * other.Count));
        var common = new DistinctBuilder(scope.State);
        for (var i = 0; i < input.Count; i++)
        {
            if (DistinctBuilder.Contains(other, input[i]))
            {
                common.Add(input[i]);
            }
        }

        return common.ToCollection();
    }

    public static Collection Exclude(in Collection input, Node[] arguments, Scope scope)
    {
        var other = arguments[0].Evaluate(scope);
        scope.State.Step(1 + (input.Count * other.Count));
        var rest = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            if (!DistinctBuilder.Contains(other, input[i]))
            {
                rest.Add(input[i]);
            }
        }

        return rest.ToCollection();
    }

    public static Collection Union(in Collection input, Node[] arguments, Scope scope) =>
        Merge(input, arguments[0].Evaluate(scope), scope.State);

    public static Collection Combine(in Collection input, Node[] arguments, Scope scope)
    {
        var all = new CollectionBuilder();
        all.Add(input);
        all.Add(arguments[0].Evaluate(scope));
        scope.State.Step(all.Count);
        return all.ToCollection();
    }

    public static Collection Merge(in Collection left, in Collection right, EvaluationState state)
    {
        if (left.Count + right.Count < 2)
        {
            return left.IsEmpty ? right : left;
        }

        var all = new DistinctBuilder(state);
        all.Add(left);
        all.Add(right);
        return all.ToCollection();
    }
}

/// <summary><c>|</c></summary>
internal sealed class UnionNode(Node left, Node right) : Node
{
    public override Collection Evaluate(Scope scope) => Subsetting.Merge(left.Evaluate(scope), right.Evaluate(scope), scope.State);
}
