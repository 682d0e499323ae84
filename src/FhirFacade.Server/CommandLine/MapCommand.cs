using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Ingest;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade map explain|test|check</c>: what becomes of messages, and why; no server needed.</summary>
internal static class MapCommand
{
    private static readonly Argument<string?> File = new("file") { Description = "HL7 v2 messages", HelpName = "FILE.hl7", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Folder = new("dir") { Description = "messages NAME.hl7 with what is expected of them, NAME.json", HelpName = "DIR" };
    private static readonly Option<string?> Profile = new("--profile") { Description = "the feed profile (default: the one that matches)", HelpName = "NAME" };
    private static readonly Option<string> Listener = new("--listener") { Description = "where the messages came in, for profiles that ask", HelpName = "NAME", DefaultValueFactory = _ => "mllp:2575" };
    private static readonly Option<bool> ShowPhi = new("--show-phi") { Description = "print the values, which are a patient's data" };
    private static readonly Option<bool> Json = new("--json") { Description = "for a program to read" };
    private static readonly Option<bool> Update = new("--update") { Description = "write what comes out as what is expected" };
    private static readonly Option<string?> Resource = new("--resource") { Description = "what a stored resource was made of, of its last version or of this", HelpName = "TYPE/ID[/VERSION]" };

    public static Command Create()
    {
        var explain = new Command("explain", "Say of each field what it becomes, or of each element of a stored resource where it came from.") { File, Resource, Profile, Listener, ShowPhi, Json };
        explain.SetAction(ExplainAsync);
        var test = new Command("test", "Translate the messages of a folder and compare.") { Folder, Profile, Listener, ShowPhi, Update };
        test.SetAction(Test);
        var check = new Command("check", "Check all feed profiles.");
        check.SetAction(Check);
        return new("map", "Look at how messages become resources, and check feed profiles.") { explain, test, check };
    }

    private static async Task<int> ExplainAsync(ParseResult line, CancellationToken cancellationToken)
    {
        if (line.GetValue(File) is not null && line.GetValue(Resource) is not null)
        {
            throw new StartupException("give a file or --resource, not both");
        }

        if (line.GetValue(Resource) is { } resource)
        {
            return await StoredAsync(line, resource, cancellationToken);
        }

        var file = line.GetValue(File) ?? throw new StartupException("which messages? give a file, or --resource");
        var choice = Choice(line);
        var explanations = FeedFiles.Read([file], verbatim: false).Select(message => MessageExplanation.Of(message, choice)).ToList();
        Console.WriteLine(line.GetValue(Json)
            ? ExplanationText.Json(explanations, line.GetValue(ShowPhi))
            : string.Join(Environment.NewLine, explanations.Select(e => ExplanationText.Lines(e, line.GetValue(ShowPhi)))));
        return explanations.Any(static e => e.IsFailure) ? 1 : 0;
    }

    private static async Task<int> StoredAsync(ParseResult line, string resource, CancellationToken cancellationToken)
    {
        var parts = resource.Split('/');
        var version = 0;
        if (parts.Length is not (2 or 3) || (parts.Length == 3 && !int.TryParse(parts[2], out version)))
        {
            throw new StartupException("--resource is Type/id, or Type/id/version");
        }

        await using var dataSource = DataSources.Create(Settings.Database(line));
        if (await new LineageReader(dataSource).ReadAsync(parts[0], parts[1], version == 0 ? null : version, cancellationToken) is not { } lineage)
        {
            throw new StartupException("no lineage is stored of it: there is no such version, no message made it, or Ingest:Lineage is off");
        }

        Console.WriteLine($"version {lineage.Version}{(lineage.Message is { } row ? $", journal row {row}" : "")}");
        foreach (var (element, field) in lineage.Fields)
        {
            Console.WriteLine($"  {field,-14} -> {element}");
        }

        return 0;
    }

    private static int Test(ParseResult line)
    {
        var folder = line.GetValue(Folder)!;
        if (!Directory.Exists(folder))
        {
            throw new StartupException($"there is no folder {folder}");
        }

        var report = MapTest.Run(folder, Choice(line), line.GetValue(Update), line.GetValue(ShowPhi));
        foreach (var text in report.Lines)
        {
            Console.WriteLine(text);
        }

        Console.WriteLine($"{report.Passed} as expected, {report.Failed} not{(report.Written > 0 ? $", {report.Written} written" : "")}");
        return report.Failed == 0 ? 0 : 1;
    }

    private static int Check(ParseResult line)
    {
        var catalog = FeedCatalog.Inspect(Settings.Load(line));
        foreach (var feed in catalog.Current.Feeds)
        {
            Console.WriteLine($"{feed.Label}{(feed.Files.Count == 0 ? "  built in" : "  " + string.Join(" ", feed.Files))}");
        }

        foreach (var problem in catalog.Problems)
        {
            Console.Error.WriteLine(problem.ToString());
        }

        return catalog.Problems.IsEmpty ? 0 : 1;
    }

    private static FeedChoice Choice(ParseResult line)
    {
        var catalog = FeedCatalog.Load(Settings.Load(line, [new("Ingest:Lineage", "true")]));
        var name = line.GetValue(Profile);
        if (name is not null && catalog.Current.Find(name) is null)
        {
            throw new StartupException($"there is no feed profile {name}; there are {string.Join(", ", catalog.Current.Feeds.Select(static f => f.Profile.Name))}");
        }

        return new(catalog.Current, name, line.GetValue(Listener)!);
    }
}

/// <summary>With which profile a command translates.</summary>
/// <param name="Feeds">Those in the folder.</param>
/// <param name="Profile">The one that was asked for; null for the one that matches.</param>
/// <param name="Listener">Where messages came in, as far as matching goes.</param>
internal sealed record FeedChoice(FeedSet Feeds, string? Profile, string Listener);
