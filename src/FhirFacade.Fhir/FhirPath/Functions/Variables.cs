using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>Values set aside under a name, for later parts of the expression or for who is watching.</summary>
internal static class Variables
{
    public static Collection Trace(in Collection input, Node[] arguments, Scope scope)
    {
        var name = Singletons.String(arguments[0].Evaluate(scope)) ?? "";
        if (scope.State.Context.Trace is { } trace)
        {
            trace(name, FhirPathValue.From(arguments.Length > 1 ? Filtering.Select(input, [arguments[1]], scope) : input));
        }

        return input;
    }

    public static Collection DefineVariable(in Collection input, Node[] arguments, Scope scope)
    {
        var name = Singletons.String(arguments[0].Evaluate(scope)) ?? throw new FhirPathEvaluationException("A variable needs a name.");
        if (Constants.IsReserved(name))
        {
            throw new FhirPathEvaluationException("A variable cannot take the name of a constant.");
        }

        if (arguments.Length == 1)
        {
            scope.Define(name, input);
        }
        else
        {
            var nested = scope.Nested();
            nested.This = input;
            scope.Define(name, arguments[1].Evaluate(nested));
        }

        return input;
    }
}
