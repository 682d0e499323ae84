namespace FhirFacade.Translation;

/// <summary>What a systolic and a diastolic pressure become that belong together and come as one OBX each.</summary>
public enum BloodPressure
{
    /// <summary>One Observation with two components, as US Core and the FHIR vital signs have it.</summary>
    Panel,

    /// <summary>An Observation each, as sent.</summary>
    Separate,
}
