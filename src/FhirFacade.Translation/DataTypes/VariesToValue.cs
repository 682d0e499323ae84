using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// OBX-5, whose type is in OBX-2 and whose unit is in OBX-6 -> Observation.value[x]. One repetition is the value; several are
/// components of the same code, except text, whose repetitions are its lines, and NA, whose repetitions are its rows.
/// </summary>
internal static class VariesToValue
{
    private const string ValueAttachment = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.valueAttachment";

    public static bool Map(Hl7Element value, MapRow row, MessageScope scope, JsonObject target)
    {
        var segment = scope.Segment;
        var type = FhirText.Code(segment[2]) ?? "";
        if (scope.Repetition > 0)
        {
            return Value(value.Repetition(scope.Repetition), type, segment[6], scope, target);
        }

        if (value.RepetitionCount <= 1 || type is "TX" or "FT" or "NA" or "MA")
        {
            return Value(value, type, segment[6], scope, target);
        }

        var any = false;
        foreach (var one in value.Repetitions)
        {
            var component = new JsonObject { ["code"] = target["code"]?.DeepClone() ?? DataAbsent.Unknown() };
            if (Value(one, type, segment[6], scope, component))
            {
                target.Append("component", component);
                any = true;
            }
        }

        return any;
    }

    private static bool Value(Hl7Element value, string type, Hl7Element unit, MessageScope scope, JsonObject target)
    {
        var before = target.Count;
        switch (type)
        {
            case "NM":
                NmToQuantity.Put(value, unit, scope, target);
                break;
            case "SN":
                SnToValue.Put(value, unit, scope, target);
                break;
            case "CE" or "CWE" or "CNE" or "CF" or "IS" or "ID":
                target.Put("valueCodeableConcept", CweToCodeableConcept.Concept(value, null, scope));
                break;
            case "DT" or "DTM" or "TS":
                target.Put("valueDateTime", DtmToDateTime.Text(value, scope));
                break;
            case "TM":
                target.Put("valueTime", TmToTime.Map(value, null!, scope).Value);
                break;
            case "DR":
                target.Put("valuePeriod", PeriodOf.Dates(value[1], value[2], scope));
                break;
            case "NR":
                target.Put("valueRange", NrToRange.Range(value, unit, scope));
                break;
            case "VR":
                target.Put("valueString", Joined(value, "-"));
                break;
            case "NA" or "MA":
                target.Put("valueSampledData", NaToSampledData.Data(value, unit, scope));
                break;
            case "CQ":
                target.Put("valueQuantity", CqToQuantity.Map(value, null!, scope).Value);
                break;
            case "SI" when value[1].TryGetInt32(out var number):
                target["valueInteger"] = number;
                break;
            case "ED":
                target.Extend(ValueAttachment, "valueAttachment", EdToAttachment.Attachment(value, scope));
                break;
            case "RP":
                target.Extend(ValueAttachment, "valueAttachment", RpToAttachment.Attachment(value));
                break;
            case "TX" or "FT":
                target.Put("valueString", FhirText.Block(Primitives.LinesOf(value)));
                break;
        }

        // A value that is not what OBX-2 says, or of a type without a place of its own, is kept as text.
        if (target.Count == before)
        {
            target.Put("valueString", FhirText.String(value.Text));
        }

        return target.Count > before || type is "ED" or "RP";
    }

    private static string? Joined(Hl7Element value, string separator)
    {
        var text = string.Join(separator, new[] { FhirText.String(value[1]), FhirText.String(value[2]) }.Where(static p => p is not null));
        return text.Length == 0 ? null : text;
    }
}
