namespace FhirFacade.Translation.Segments;

/// <summary>A mapping table of this build is wrong: a bug, found at start-up, named by file and row.</summary>
internal sealed class InvalidMapException(string message) : Exception(message);
