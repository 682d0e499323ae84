namespace FhirFacade.Server.Access.BreakGlass;

/// <summary>The settings under <c>Access:BreakGlass</c>: how far an emergency reaches. Who may claim one: accounts with the right, through clients whose policy lists <c>BTG</c>.</summary>
public sealed class BreakGlassOptions
{
    /// <summary>How long one lasts, from a minute to a day.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether it opens what carries a label that is excluded or withheld otherwise.</summary>
    public bool OverridesLabels { get; init; } = true;

    /// <summary>Whether it opens what the patient has denied.</summary>
    public bool OverridesConsent { get; init; } = true;
}
