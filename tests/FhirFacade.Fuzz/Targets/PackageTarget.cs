using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Fhir.Tests.Packages;
using FhirFacade.Fhir.Validation;
using FhirFacade.Fuzz.Mutation;

namespace FhirFacade.Fuzz.Targets;

/// <summary>A FHIR package: unpack, read, and use what it defines.</summary>
internal sealed class PackageTarget : FuzzTarget
{
    private static readonly PackageLimits Limits = new(MaxBytes: 8 << 20, MaxEntries: 500, MaxEntryBytes: 1 << 20, MaxRatio: 100);
    private static readonly string[] EntryNames = ["package/a.json", "../a.json", "/a.json", "package/../../a.json", "package\\a.json", "package/.index.json", "package/", "", "package/é.json", "package/example/a.json", "package/package.json", new('a', 300)];
    private static readonly TarEntryType[] Types = [TarEntryType.RegularFile, TarEntryType.Directory, TarEntryType.SymbolicLink, TarEntryType.HardLink, TarEntryType.Fifo, TarEntryType.CharacterDevice];
    private static readonly byte[][] Pieces = [new byte[512], "77777777777"u8.ToArray(), "../"u8.ToArray(), "package/package.json"u8.ToArray(), [0x1f, 0x8b, 8], [0xff, 0xff, 0xff, 0xff], "x"u8.ToArray(), "L"u8.ToArray(), "g"u8.ToArray()];

    private static readonly IReadOnlyList<byte[]> Definitions = [.. PackageSeeds.Resources.Select(Encoding.UTF8.GetBytes)];

    private readonly JsonDocument[] _resources = [.. Seeds.Resources.Take(8).Select(json => JsonDocument.Parse(json))];

    public override string Name => "package";

    public override bool Feed(byte[] input)
    {
        using var stream = new MemoryStream(input, writable: false);
        var loaded = PackageLoader.Load(stream, Limits);
        FuzzViolation.Unless(loaded.Package is not null || !loaded.Issues.IsEmpty, "a package or issues");
        ResourcePromises.Told(loaded.Issues);
        if (loaded.Package is { } package)
        {
            Use(package);
        }

        return loaded.Package is not null;
    }

    protected override byte[] Make(Random random)
    {
        var files = new List<(string Name, byte[] Content)> { ("package/package.json", random.Next(8) == 0 ? ByteMutator.Mutate(Encoding.UTF8.GetBytes(PackageBuilder.Manifest), random, Pieces) : Encoding.UTF8.GetBytes(PackageBuilder.Manifest)) };
        for (var number = random.Next(1, 5); number > 0; number--)
        {
            var isPlain = random.Next(10) > 0;
            files.Add((isPlain ? $"package/{number}.json" : EntryNames[random.Next(EntryNames.Length)], random.Next(4) == 0 ? Definitions[random.Next(Definitions.Count)] : JsonMutator.Mutate(Definitions, random)));
        }

        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, (TarEntryFormat)random.Next(1, 5), leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                Write(writer, name, content, random);
            }
        }

        var bytes = random.Next(3) == 0 ? ByteMutator.Mutate(tar.ToArray(), random, Pieces) : tar.ToArray();
        using var packed = PackageBuilder.Gzip(bytes);
        return random.Next(6) == 0 ? ByteMutator.Mutate(packed.ToArray(), random, Pieces) : packed.ToArray();
    }

    private static void Write(TarWriter writer, string name, byte[] content, Random random)
    {
        try
        {
            var type = random.Next(20) == 0 ? Types[random.Next(Types.Length)] : writer.Format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
            TarEntry entry = writer.Format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(type, name),
                TarEntryFormat.Ustar => new UstarTarEntry(type, name),
                TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                _ => new PaxTarEntry(type, name),
            };
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }
            else if (type is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                entry.DataStream = new MemoryStream(content);
            }

            entry.ModificationTime = DateTimeOffset.UnixEpoch;
            writer.WriteEntry(entry);
        }
        catch (Exception refused) when (refused is ArgumentException or InvalidOperationException)
        {
            // A name or kind that this format of tar cannot hold: the archive does without the entry.
            _ = refused;
        }
    }

    private void Use(Package package)
    {
        var validator = ResourceValidator.R4.With(package);
        foreach (var set in package.ValueSets)
        {
            _ = validator.Terminology.Expand(set, new ExpansionRequest(Count: 10));
            _ = validator.Terminology.Contains(set, "http://example.org/c", "a");
        }

        foreach (var system in package.CodeSystems)
        {
            _ = validator.Terminology.Subsumes(system.Url, "a", "b");
            _ = validator.Terminology.Lookup(system.Url, "a");
        }

        foreach (var map in package.ConceptMaps)
        {
            _ = validator.Terminology.Translate(map.Url, "http://example.org/c", "a");
        }

        foreach (var resource in _resources)
        {
            ResourcePromises.Told(validator.Validate(resource.RootElement, new ValidationRequest([.. package.Profiles.Select(profile => profile.Url)])));
        }
    }
}
