namespace FhirFacade.Translation;

/// <summary>What the lines of a report become that comes as one OBX of TX or FT a line.</summary>
public enum TextLines
{
    /// <summary>An Observation each, as sent.</summary>
    Separate,

    /// <summary>One Observation for lines of the same code that follow each other; empty lines are kept.</summary>
    Joined,

    /// <summary>One plain text in DiagnosticReport.presentedForm; empty lines are kept.</summary>
    PresentedForm,
}
