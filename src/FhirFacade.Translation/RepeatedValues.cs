namespace FhirFacade.Translation;

/// <summary>What several values in one OBX-5 become.</summary>
public enum RepeatedValues
{
    /// <summary>One Observation with a component a value, as the guide has it.</summary>
    Components,

    /// <summary>An Observation a value.</summary>
    Observations,
}
