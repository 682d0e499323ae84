using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>The one moment of an evaluation: https://hl7.org/fhirpath/N1/#utility-functions</summary>
internal static class Clock
{
    public static Collection Now(in Collection input, Node[] arguments, Scope scope) => Collection.Of(PartialDateTime.From(scope.State.Now));

    public static Collection Today(in Collection input, Node[] arguments, Scope scope) => Collection.Of(PartialDateTime.DateOf(scope.State.Now));

    public static Collection TimeOfDay(in Collection input, Node[] arguments, Scope scope) => Collection.Of(PartialDateTime.TimeOf(scope.State.Now));
}
