namespace FhirFacade.GuideCheck;

/// <summary>What became of a row.</summary>
/// <param name="Fate">Carried or not.</param>
/// <param name="Text">The element that shows it, or the reason.</param>
public sealed record Finding(Fate Fate, string Text);
