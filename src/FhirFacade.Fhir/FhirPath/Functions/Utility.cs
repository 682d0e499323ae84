using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#utility-functions and reflection.</summary>
internal static class Utility
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

    public static Collection Now(in Collection input, Node[] arguments, Scope scope) => Collection.Of(PartialDateTime.From(scope.State.Now));

    public static Collection Today(in Collection input, Node[] arguments, Scope scope) => Collection.Of(PartialDateTime.DateOf(scope.State.Now));

    public static Collection TimeOfDay(in Collection input, Node[] arguments, Scope scope) => Collection.Of(PartialDateTime.TimeOf(scope.State.Now));

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

    public static Collection Type(in Collection input, Node[] arguments, Scope scope)
    {
        var types = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            ref readonly var item = ref input[i];
            types.Add(new Item(item.IsComputed
                ? new TypeInfo("System", TypeTest.SystemName(item.Computed!))
                : new TypeInfo("FHIR", item.Type?.Name ?? "Element")));
        }

        return types.ToCollection();
    }
}
