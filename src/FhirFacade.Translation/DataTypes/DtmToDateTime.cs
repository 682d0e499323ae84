using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>DTM, TS, DT -> dateTime, date, instant, time.</summary>
internal static class DtmToDateTime
{
    private const string Rule = "a date of the form YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]";

    public static Mapped DateTime(Hl7Element value, MapRow row, MessageScope scope) => Text(value, scope);

    public static Mapped Date(Hl7Element value, MapRow row, MessageScope scope) =>
        Read(value, scope, out var time) ? time.ToDate() : default;

    /// <summary>Nothing for a partial time: an instant has at least seconds.</summary>
    public static Mapped Instant(Hl7Element value, MapRow row, MessageScope scope) =>
        Read(value, scope, out var time) ? time.ToInstant(scope.Time) : default;

    public static string? Text(Hl7Element value, MessageScope scope) =>
        Read(value, scope, out var time) ? time.ToDateTime(scope.Time) : null;

    /// <summary>False for nothing, and for what is no time: that is an issue.</summary>
    public static bool Read(Hl7Element value, MessageScope scope, out Dtm time)
    {
        time = default;
        var first = value.Subcomponent(1);
        if (!first.HasValue)
        {
            return false;
        }

        if (Dtm.TryRead(value, out time))
        {
            return true;
        }

        scope.Warn(Table0357.DataType, value.Location, Rule);
        return false;
    }
}
