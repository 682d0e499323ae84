using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Profiles;

/// <summary>A profile that is in force, with what those that extend it start from.</summary>
/// <param name="Source">What its file says.</param>
/// <param name="Feed">What came of it.</param>
/// <param name="Tables">Its tables.</param>
/// <param name="Lineage">The profiles that it is made of, the base first.</param>
internal sealed record CompiledProfile(ProfileSource Source, Feed Feed, MapTables Tables, IReadOnlyList<ProfileSource> Lineage);
