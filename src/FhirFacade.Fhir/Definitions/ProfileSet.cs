using System.Collections.Frozen;
using FhirFacade.Fhir.Packages;

namespace FhirFacade.Fhir.Definitions;

/// <summary>The profiles and extensions that are known. Immutable; safe for any number of threads.</summary>
public sealed class ProfileSet
{
    private static readonly Lazy<ProfileSet> Loaded = new(() => new ProfileSet(ProfileFile.Read(DefinitionFiles.Lines("profiles.jsonl")), null));
    private readonly FrozenDictionary<string, Profile> _profiles;
    private readonly ProfileSet? _below;

    private ProfileSet(IEnumerable<Profile> profiles, ProfileSet? below)
    {
        var byUrl = new Dictionary<string, Profile>(StringComparer.Ordinal);
        foreach (var profile in profiles)
        {
            byUrl[profile.Url] = profile;
        }

        (_profiles, _below) = (byUrl.ToFrozenDictionary(StringComparer.Ordinal), below);
    }

    /// <summary>The profiles and extensions of R4 itself.</summary>
    public static ProfileSet R4 => Loaded.Value;

    /// <summary>All profiles.</summary>
    public IEnumerable<Profile> Profiles => _profiles.Values.Concat(_below?.Profiles.Where(profile => !_profiles.ContainsKey(profile.Url)) ?? []);

    /// <summary>This set and what packages bring; where both define the same url, the package's counts.</summary>
    public ProfileSet With(params IEnumerable<Package> packages) => new(packages.SelectMany(package => package.Profiles), this);

    /// <summary>The profile of a canonical url, with or without a version; null where it is not known.</summary>
    public Profile? Find(string canonical)
    {
        var url = JsonReading.WithoutVersion(canonical);
        return _profiles.TryGetValue(url, out var profile) ? profile : _below?.Find(url);
    }
}
