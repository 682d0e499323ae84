using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Profiles;

/// <summary>
/// Compiles the files of a folder to the profiles in force. What is wrong with one leaves the others alone, and where it was in force before, it
/// stays so as it was.
/// </summary>
public sealed partial class FeedSetBuilder
{
    private readonly Dictionary<string, ProfileFile> _files;
    private readonly FeedProfile _defaults;
    private readonly Dictionary<string, CompiledProfile> _before;
    private readonly List<ProfileProblem> _problems = [];
    private readonly Dictionary<string, ProfileSource> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CompiledProfile?> _compiled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    private FeedSetBuilder(IEnumerable<ProfileFile> files, FeedProfile defaults, FeedSet? before)
    {
        _files = files.ToDictionary(static f => f.Name, StringComparer.Ordinal);
        _defaults = defaults;
        _before = (before?.Profiles ?? []).ToDictionary(static p => p.Source.Name, StringComparer.Ordinal);
    }

    /// <summary>Compiles what the files say.</summary>
    /// <param name="files">All files of the folder.</param>
    /// <param name="defaults">The switches where no profile says otherwise.</param>
    /// <param name="before">What was in force until now, if anything.</param>
    /// <param name="problems">Why some of it is not taken.</param>
    public static FeedSet Build(IEnumerable<ProfileFile> files, FeedProfile defaults, FeedSet? before, out ImmutableArray<ProfileProblem> problems)
    {
        var builder = new FeedSetBuilder(files, defaults, before);
        var set = builder.Build();
        problems = [.. builder._problems.Distinct()];
        return set;
    }

    /// <summary>What is built in, with these switches.</summary>
    public static FeedSet BuiltIn(FeedProfile defaults) => Build([], defaults, null, out _);

    private FeedSet Build()
    {
        Read();
        foreach (var name in _sources.Keys.Order(StringComparer.Ordinal))
        {
            Compiled(name);
        }

        var inForce = WithoutTies();
        var byDefault = inForce.FirstOrDefault(static p => p.Source.Name == ProfileSource.DefaultName)?.Feed ?? BuiltInFeed();
        return new FeedSet(byDefault, [.. inForce]);
    }

    private void Read()
    {
        foreach (var file in _files.Values.Where(static f => f.IsYaml || f.IsCsvProfile).OrderBy(static f => f.Name, StringComparer.Ordinal))
        {
            try
            {
                var source = file.IsYaml ? YamlProfileReader.Read(file) : CsvProfileReader.Read(file);
                if (!Names().IsMatch(source.Name))
                {
                    throw source.Wrong(0, "the name of a profile consists of small letters, digits and - . _");
                }

                if (!_sources.TryAdd(source.Name, source))
                {
                    throw source.Wrong(0, $"there is a profile {source.Name} already, in {_sources[source.Name].File.Name}");
                }
            }
            catch (InvalidProfileException error)
            {
                _problems.Add(error.Problem);
                Keep(_before.Values.FirstOrDefault(p => p.Source.File.Name == file.Name));
            }
        }
    }

    private void Keep(CompiledProfile? before)
    {
        if (before is not null && _compiled.TryAdd(before.Source.Name, before))
        {
            _sources.TryAdd(before.Source.Name, before.Source);
        }
    }

    private CompiledProfile? Compiled(string name)
    {
        if (_compiled.TryGetValue(name, out var done))
        {
            return done;
        }

        if (!_sources.TryGetValue(name, out var source))
        {
            return null;
        }

        if (!_underWay.Add(name))
        {
            throw source.Wrong(source.Extends?.Line ?? 0, "it extends itself, perhaps by way of others");
        }

        try
        {
            done = Compile(source);
        }
        catch (InvalidProfileException error)
        {
            _problems.Add(error.Problem);
            done = _before.GetValueOrDefault(name);
        }

        _underWay.Remove(name);
        return _compiled[name] = done;
    }

    private CompiledProfile Compile(ProfileSource source)
    {
        var parent = source.Extends is { } extends
            ? Compiled(extends.Name) ?? (extends.Name == ProfileSource.DefaultName ? null : throw source.Wrong(extends.Line, $"there is no profile {extends.Name} in force"))
            : source.Name == ProfileSource.DefaultName ? null : Compiled(ProfileSource.DefaultName);
        IReadOnlyList<ProfileSource> lineage = [.. parent?.Lineage ?? [], source];

        var profile = (parent?.Feed.Profile ?? _defaults) with { Name = source.Name, Version = Version(lineage) };
        foreach (var (name, value, line) in source.Settings)
        {
            profile = FeedSettings.Set(profile, name, value, out var reason) ?? throw source.Wrong(line, reason!);
        }

        if (_before.GetValueOrDefault(source.Name) is { } before && before.Feed.Profile.Version == profile.Version)
        {
            return before;
        }

        var tables = Tables(TableEdit.Apply(parent?.Tables ?? MapTables.Embedded, source), source);
        try
        {
            var translator = new Translator(MapSet.Load(tables, Translations(lineage, new SystemUris(tables))));
            return new(source, new Feed(profile, translator, [.. lineage.Select(static s => s.File.Name)]), tables, lineage);
        }
        catch (InvalidMapException error)
        {
            throw new InvalidProfileException(error.Origin?.File ?? source.File.Name, error.Origin?.Line ?? 0, error.Reason);
        }
    }

    private static MapTables Tables(MapTables tables, ProfileSource source)
    {
        foreach (var (name, uri, line) in source.Authorities.Concat(source.CodeSystems))
        {
            if (!Uri.TryCreate(uri, UriKind.Absolute, out _) || uri.Any(char.IsWhiteSpace))
            {
                throw source.Wrong(line, $"{name} must be an absolute URI");
            }
        }

        return tables.With([Uris("authorities.csv", source.Authorities), Uris("code-systems.csv", source.CodeSystems)]);

        KeyValuePair<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>> Uris(string path, List<(string Name, string Uri, int Line)> more) =>
            new(path, [.. tables.Read(path), .. more.Select(static m => new Dictionary<string, string?> { ["name"] = m.Name, ["uri"] = m.Uri })]);
    }

    private CodeTranslations? Translations(IReadOnlyList<ProfileSource> lineage, SystemUris systems)
    {
        var targets = new Dictionary<(string? System, string Code), List<CodeTarget>>();
        foreach (var source in lineage)
        {
            // What a profile maps takes the place of what its base makes of the same code.
            var own = new Dictionary<(string? System, string Code), List<CodeTarget>>();
            foreach (var (name, line) in source.ConceptMaps)
            {
                foreach (var (from, to) in ConceptMapReader.Read(File(source, name, line), systems))
                {
                    (own.TryGetValue(from, out var list) ? list : own[from] = []).Add(to);
                }
            }

            foreach (var (from, list) in own)
            {
                targets[from] = list;
            }
        }

        return targets.Count == 0 ? null : new(targets.Select(static t => KeyValuePair.Create<(string?, string), CodeTarget[]>(t.Key, [.. t.Value.Distinct()])));
    }

    private ProfileFile File(ProfileSource source, string name, int line) =>
        _files.GetValueOrDefault(name) ?? throw source.Wrong(line, $"there is no file {name} in the folder");

    // A profile that changed gives way to one that did not; of two new ones the later name.
    private List<CompiledProfile> WithoutTies()
    {
        var inForce = new List<CompiledProfile>();
        foreach (var profile in _compiled.Values.OfType<CompiledProfile>().OrderByDescending(IsAsBefore).ThenBy(static p => p.Source.Name, StringComparer.Ordinal))
        {
            if (Tie(profile, inForce) is not { } problem)
            {
                inForce.Add(profile);
                continue;
            }

            _problems.Add(problem);
            if (_before.GetValueOrDefault(profile.Source.Name) is { } before)
            {
                inForce.Add(before);
            }
        }

        return inForce;
    }

    private static ProfileProblem? Tie(CompiledProfile profile, IEnumerable<CompiledProfile> others) =>
        (from other in others
         from mine in profile.Source.Matches
         from theirs in other.Source.Matches
         where mine.Ties(theirs)
         select new ProfileProblem(
             profile.Source.File.Name,
             mine.Line,
             FormattableString.Invariant($"it matches some messages just as well as {other.Source.Name} does ({other.Source.File.Name}:{theirs.Line}); say more about them in one of the two")))
        .FirstOrDefault();

    private bool IsAsBefore(CompiledProfile profile) => _before.GetValueOrDefault(profile.Source.Name) == profile;

    private Feed BuiltInFeed() => new(_defaults with { Name = ProfileSource.DefaultName, Version = Version([]) }, Translator.Default, []);

    // What decides the result: the tables of this build, the settings of the server, and every file in the order in which it is applied.
    private string Version(IReadOnlyList<ProfileSource> lineage)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MapFiles.Hash.Span);
        hash.AppendData(Encoding.UTF8.GetBytes($"{_defaults.TimeZone.Id}\n{_defaults.DefaultAuthority}\n{lineage.Count.ToString(CultureInfo.InvariantCulture)}\n"));
        foreach (var source in lineage)
        {
            hash.AppendData(source.File.Hash);
            foreach (var (name, line) in source.ConceptMaps)
            {
                hash.AppendData(File(source, name, line).Hash);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$")]
    private static partial Regex Names();
}
