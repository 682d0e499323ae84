using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Ordered values as the range table keeps them.</summary>
internal static class RangeCompiler
{
    public static RangeTest Test(SearchValue.Date date) => new(date.Comparator, DateScale.Of(date.Low), DateScale.Of(date.High), true);

    public static RangeTest Test(SearchValue.Number number) => new(number.Comparator, number.Low, number.High, false);

    public static UnitTest? Unit(SearchValue.Quantity quantity) => quantity.Code is not { } code
        ? null
        : new UnitTest(quantity.System is { } system ? Terms.Unit(system, code) : null, Terms.UnitCode(code));

    public static UnitTest Unit(BaseQuantity quantity) => new(Terms.Unit(BaseUnits.Ucum, quantity.Unit), Terms.UnitCode(quantity.Unit));
}
