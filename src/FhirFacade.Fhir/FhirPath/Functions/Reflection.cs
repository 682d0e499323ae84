using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#reflection</summary>
internal static class Reflection
{
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
