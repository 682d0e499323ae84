using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Access;

/// <summary>
/// Why data is wanted: a code below <c>PurposeOfUse</c> of v3-ActReason (value set http://terminology.hl7.org/ValueSet/v3-PurposeOfUse).
/// </summary>
public static class PurposeOfUse
{
    /// <summary>The code system.</summary>
    public const string System = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    /// <summary>To treat a patient.</summary>
    public const string Treatment = "TREAT";

    /// <summary>The patient asks.</summary>
    public const string PatientRequest = "PATRQT";

    /// <summary>To treat a patient in an emergency.</summary>
    public const string EmergencyTreatment = "ETREAT";

    /// <summary>To treat a patient in an emergency, beyond what the person may see otherwise; below <see cref="EmergencyTreatment"/>.</summary>
    public const string BreakTheGlass = "BTG";

    private const string Root = "PurposeOfUse";

    /// <summary>Whether it is a purpose of use. Case matters; the root of them all says nothing and is none.</summary>
    public static bool IsKnown(string code) => code != Root && IsA(code, Root);

    /// <summary>Whether a purpose is another one or a kind of it: <c>BTG</c> is <c>ETREAT</c>, which is <c>TREAT</c>.</summary>
    public static bool IsA(string code, string wider) => TerminologySet.R4.CodeSystem(System)?.IsA(code, wider) == true;
}
