using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#existence</summary>
internal static class Existence
{
    public static Collection Empty(in Collection input, Node[] arguments, Scope scope) => new(input.IsEmpty);

    public static Collection Exists(in Collection input, Node[] arguments, Scope scope) =>
        new(arguments.Length == 0 ? !input.IsEmpty : Any(input, arguments[0], scope, wanted: true));

    public static Collection All(in Collection input, Node[] arguments, Scope scope) =>
        new(!Any(input, arguments[0], scope, wanted: false));

    public static Collection AllTrue(in Collection input, Node[] arguments, Scope scope) => new(!HasBoolean(input, false));

    public static Collection AnyTrue(in Collection input, Node[] arguments, Scope scope) => new(HasBoolean(input, true));

    public static Collection AllFalse(in Collection input, Node[] arguments, Scope scope) => new(!HasBoolean(input, true));

    public static Collection AnyFalse(in Collection input, Node[] arguments, Scope scope) => new(HasBoolean(input, false));

    public static Collection SubsetOf(in Collection input, Node[] arguments, Scope scope) =>
        new(IsSubset(input, arguments[0].Evaluate(scope), scope));

    public static Collection SupersetOf(in Collection input, Node[] arguments, Scope scope) =>
        new(IsSubset(arguments[0].Evaluate(scope), input, scope));

    public static Collection Count(in Collection input, Node[] arguments, Scope scope) => Collection.Of(input.Count);

    public static Collection Distinct(in Collection input, Node[] arguments, Scope scope) => DistinctItems(input, scope);

    public static Collection IsDistinct(in Collection input, Node[] arguments, Scope scope) => new(DistinctItems(input, scope).Count == input.Count);

    public static Collection Not(in Collection input, Node[] arguments, Scope scope) => Collection.Of(!Singletons.Boolean(input));

    public static Collection DistinctItems(in Collection input, Scope scope)
    {
        if (input.Count < 2)
        {
            return input;
        }

        var set = new DistinctBuilder(scope.State);
        set.Add(input);
        return set.ToCollection();
    }

    /// <summary>Whether the criterion is true (or, if false is wanted, not true) of any item.</summary>
    private static bool Any(in Collection input, Node criterion, Scope scope, bool wanted)
    {
        var nested = scope.Nested();
        for (var i = 0; i < input.Count; i++)
        {
            nested.This = new Collection(input[i]);
            nested.Index = i;
            if ((Singletons.Boolean(criterion.Evaluate(nested)) == true) == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasBoolean(in Collection input, bool wanted)
    {
        var found = false;
        for (var i = 0; i < input.Count; i++)
        {
            found |= input[i].Kind == SystemKind.Boolean
                ? input[i].ToSystem() is bool value && value == wanted
                : throw new FhirPathEvaluationException("Only booleans can be asked whether they are all true or false.");
        }

        return found;
    }

    private static bool IsSubset(in Collection part, in Collection whole, Scope scope)
    {
        scope.State.Step(1 + (part.Count * whole.Count));
        for (var i = 0; i < part.Count; i++)
        {
            if (!DistinctBuilder.Contains(whole, part[i]))
            {
                return false;
            }
        }

        return true;
    }
}
