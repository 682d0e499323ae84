using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>NA, MA -> SampledData. v2 says nothing of the time between samples, so the period has a reason in place of a value.</summary>
internal static class NaToSampledData
{
    /// <summary>Null if anything in it is not a number.</summary>
    public static JsonObject? Data(Hl7Element field, Hl7Element unit, MessageScope scope)
    {
        var numbers = new List<string>();
        var dimensions = 0;
        foreach (var row in field.Repetitions)
        {
            dimensions++;
            for (var i = 1; i <= row.ComponentCount; i++)
            {
                if (FhirText.String(row[i]) is not { } text || !Nm.TryRead(text, out _))
                {
                    return null;
                }

                numbers.Add(text);
            }
        }

        if (numbers.Count == 0)
        {
            return null;
        }

        var origin = new JsonObject { ["value"] = 0 };
        CqToQuantity.Unit(origin, unit, scope);
        return new JsonObject
        {
            ["origin"] = origin,
            ["_period"] = DataAbsent.Unknown(),
            ["dimensions"] = dimensions,
            ["data"] = string.Join(' ', numbers),
        };
    }
}
