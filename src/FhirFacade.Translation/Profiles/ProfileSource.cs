namespace FhirFacade.Translation.Profiles;

/// <summary>What a profile's file says, before it is applied to anything. YAML and CSV say the same things.</summary>
internal sealed class ProfileSource(ProfileFile file)
{
    public const string DefaultName = "default";

    public ProfileFile File { get; } = file;

    public string Name { get; set; } = Path.GetFileNameWithoutExtension(file.Name);

    /// <summary>The profile that this one changes; null for the one named <c>default</c>, or what is built in.</summary>
    public (string Name, int Line)? Extends { get; set; }

    public List<FeedMatch> Matches { get; } = [];

    /// <summary>Switches of <see cref="FeedProfile"/>.</summary>
    public List<(string Name, string Value, int Line)> Settings { get; } = [];

    public List<(string Name, string Uri, int Line)> Authorities { get; } = [];

    public List<(string Name, string Uri, int Line)> CodeSystems { get; } = [];

    public List<TableChange> Changes { get; } = [];

    /// <summary>Files that map codes.</summary>
    public List<(string File, int Line)> ConceptMaps { get; } = [];

    public InvalidProfileException Wrong(int line, string reason) => new(File.Name, line, reason);
}
