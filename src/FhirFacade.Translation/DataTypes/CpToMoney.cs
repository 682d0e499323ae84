using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CP, MO -> Money: amount and currency, which CP holds in sub-components of its first component.</summary>
internal static class CpToMoney
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value[1]) is not { } text)
        {
            return default;
        }

        if (!Nm.TryRead(text, out var amount))
        {
            scope.Warn(Table0357.DataType, value.Location, "an amount of money");
            return default;
        }

        // MO in a field has the currency as its second component.
        var currency = FhirText.Code(value[1].Subcomponent(2)) ?? FhirText.Code(value[2]);
        var money = new JsonObject { ["value"] = amount };
        money.Put("currency", currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper) ? currency : null);
        return money;
    }
}
