namespace FhirFacade.Fhir.Definitions;

/// <summary>FHIR R4 (4.0.1).</summary>
public static class R4
{
    private static readonly Lazy<DefinitionSet> Loaded = new(() => new DefinitionSet(
        TypeFile.Read(DefinitionFiles.Lines("types.tsv"), DefinitionFiles.Lines("constraints.tsv")),
        () => ValueSetFile.Read(DefinitionFiles.Lines("value-sets.jsonl"))));

    /// <summary>The definitions, read on first use from the files built into this assembly.</summary>
    public static DefinitionSet Definitions => Loaded.Value;
}
