using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>DR, or two dates, -> Period.</summary>
internal static class PeriodOf
{
    public static Mapped Range(Hl7Element value, MapRow row, MessageScope scope) => Dates(value[1], value[2], scope);

    /// <summary>Null if neither is a date.</summary>
    public static JsonObject? Dates(Hl7Element start, Hl7Element end, MessageScope scope)
    {
        if (start.Raw.Length == 0 && end.Raw.Length == 0)
        {
            return null;
        }

        var period = new JsonObject();
        period.Put("start", DtmToDateTime.Text(start, scope));
        period.Put("end", DtmToDateTime.Text(end, scope));
        PeriodEnd.Check(period, end.Location, scope);
        return period.OrNull();
    }
}
