namespace FhirFacade.Storage.Resources;

/// <summary>What the later writes of a transaction have to know of its earlier ones.</summary>
internal sealed class EarlierWrites
{
    /// <summary>Written resources that refer to others in a way that passes labels on: only these can refer to an id that is made up after them.</summary>
    public HashSet<(string Type, string Id)> Referrers { get; } = [];

    /// <summary>Texts that are to be written before the transaction searches or ends.</summary>
    public IndexTexts Texts { get; } = new();
}
