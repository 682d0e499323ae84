namespace FhirFacade.GuideCheck.Probes;

/// <summary>What a field, component or segment made.</summary>
/// <param name="New">Leaves that are there only with it, or more often.</param>
/// <param name="All">All leaves of the message that has it.</param>
public sealed record Made(IReadOnlyList<Leaf> New, IReadOnlyCollection<Leaf> All)
{
    /// <summary>Of two translations, with and without it.</summary>
    public static Made Of(Elements with, Elements without) => new(with.Beyond(without), with.Leaves);
}
