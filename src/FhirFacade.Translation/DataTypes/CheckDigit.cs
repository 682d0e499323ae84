using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>Check digit and its scheme (CX.2 and 3, XCN.11 and 12, XON.4 and 5) as extensions of an Identifier.</summary>
internal static class CheckDigit
{
    private const string Digit = "http://hl7.org/fhir/StructureDefinition/identifier-checkDigit";
    private const string Scheme = "http://hl7.org/fhir/StructureDefinition/namingsystem-checkDigit";

    public static void Put(JsonObject identifier, Hl7Element digit, Hl7Element scheme)
    {
        identifier.Extend(Digit, "valueString", FhirText.String(digit));
        identifier.Extend(Scheme, "valueString", FhirText.String(scheme));
    }
}
