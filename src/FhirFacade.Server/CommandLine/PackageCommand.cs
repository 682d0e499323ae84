using System.CommandLine;
using FhirFacade.Fhir.Packages;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade package install|list|remove</c>: implementation guides (https://hl7.org/fhir/packages.html) of this site.</summary>
internal static class PackageCommand
{
    private static readonly Argument<FileInfo> Archive = new("file") { Description = "a FHIR package for R4 (.tgz)", HelpName = "FILE" };
    private static readonly Argument<string> Name = new("name") { Description = "its name, and its version if only that one is meant", HelpName = "NAME[#VERSION]" };

    public static Command Create()
    {
        var install = new Command("install", "Install a package, in place of any other version of it.") { Archive };
        install.SetAction(Install);
        var list = new Command("list", "List what is installed.");
        list.SetAction(List);
        var remove = new Command("remove", "Take a package out.") { Name };
        remove.SetAction(Remove);
        return new("package", "Install implementation guides: profiles, terminology, search parameters.") { install, list, remove };
    }

    private static int Install(ParseResult line)
    {
        var options = Settings.Load(line);
        var loaded = PackageFolder.Install(SiteDefinitions.FolderOf(options), Read(line.GetValue(Archive)!));
        if (loaded.Package is not { } package)
        {
            throw new StartupException("not installed: " + loaded.Issues[0].Diagnostics);
        }

        foreach (var issue in loaded.Issues)
        {
            Console.Error.WriteLine(issue.Diagnostics);
        }

        Console.WriteLine($"{package.Name}#{package.Version} installed: {Content(package)}");
        foreach (var missing in Missing(package, options))
        {
            Console.WriteLine($"it builds on {missing}, which is not installed");
        }

        if (!package.SearchParameters.IsEmpty)
        {
            Console.WriteLine("its search parameters find what is stored from then on");
        }

        SayWhen(options);
        return 0;
    }

    private static int List(ParseResult line)
    {
        var result = 0;
        foreach (var installed in PackageFolder.List(SiteDefinitions.FolderOf(Settings.Load(line))))
        {
            var loaded = installed.Load();
            result = loaded.Package is null ? 1 : result;
            Console.WriteLine($"{installed.Name}#{installed.Version}  {(loaded.Package is { } package ? Content(package) : "cannot be read: " + loaded.Issues[0].Diagnostics)}");
        }

        return result;
    }

    private static int Remove(ParseResult line)
    {
        var options = Settings.Load(line);
        var wanted = line.GetValue(Name)!.Split('#', 2);
        var removed = PackageFolder.Remove(SiteDefinitions.FolderOf(options), wanted[0], wanted.ElementAtOrDefault(1));
        if (removed.IsEmpty)
        {
            throw new StartupException("no such package is installed; see: package list");
        }

        Console.WriteLine($"{removed[0].Name}#{removed[0].Version} removed");
        SayWhen(options);
        return 0;
    }

    // No longer than its content may be: what is longer is not read at all.
    private static byte[] Read(FileInfo file) => !file.Exists ? throw new StartupException($"the file {file.FullName} does not exist")
        : file.Length > PackageLimits.Default.MaxBytes ? throw new StartupException($"not installed: The file is longer than {PackageLimits.Default.MaxBytes} bytes.")
        : File.ReadAllBytes(file.FullName);

    private static string Content(Package package) => string.Join(", ", new[]
    {
        (package.Profiles.Length, "profiles"), (package.ValueSets.Length, "value sets"), (package.CodeSystems.Length, "code systems"),
        (package.ConceptMaps.Length, "concept maps"), (package.SearchParameters.Length, "search parameters"),
    }.Where(part => part.Length > 0).Select(part => $"{part.Length} {part.Item2}").DefaultIfEmpty("nothing that this server uses"));

    // R4 itself is always there, and so is a US Core; of other guides the name decides, as patches of a version change nothing essential.
    private static IEnumerable<string> Missing(Package package, ServerOptions options)
    {
        var known = PackageFolder.List(SiteDefinitions.FolderOf(options)).Select(installed => installed.Name).Append(SiteDefinitions.UsCoreName).ToHashSet(StringComparer.Ordinal);
        return package.Dependencies.Where(dependency => !dependency.Key.StartsWith("hl7.fhir.r4.", StringComparison.Ordinal) && !known.Contains(dependency.Key))
            .Select(dependency => $"{dependency.Key}#{dependency.Value}");
    }

    private static void SayWhen(ServerOptions options)
    {
        if (RunFile.Find(options) is not null)
        {
            Console.WriteLine("the server that is running takes notice when it is started anew");
        }
    }
}
