using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>OBX below one RXA that share a sub-id (OBX-4): one information statement, or one line of a forecast.</summary>
internal sealed class VaccinationGroup
{
    /// <summary>The vaccine that the group is about (LOINC 30956-7), which means one thing in a statement and another in a forecast.</summary>
    public Hl7Segment? Type { get; set; }

    /// <summary>Immunization.education.</summary>
    public JsonObject? Education { get; set; }

    /// <summary>ImmunizationRecommendation.recommendation.</summary>
    public JsonObject? Recommendation { get; set; }
}
