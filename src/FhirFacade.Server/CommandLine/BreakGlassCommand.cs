using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade break-glass list|reviewed</c>: who saw more than usual in an emergency, and who has looked into it.</summary>
internal static class BreakGlassCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "also those that somebody has looked into" };
    private static readonly Argument<Guid> Id = new("id") { Description = "the event", HelpName = "ID" };
    private static readonly Option<string> By = new("--by") { Description = "who has looked into it", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Note = new("--note") { Description = "what they say", HelpName = "TEXT" };

    public static Command Create()
    {
        var list = new Command("list", "List the emergencies that nobody has looked into, with the reasons that were given.") { All };
        list.SetAction((line, stop) => WithStoreAsync(line, store => ListAsync(line, store, stop)));
        var reviewed = new Command("reviewed", "Note that somebody has looked into one.") { Id, By, Note };
        reviewed.SetAction((line, stop) => WithStoreAsync(line, async store => await store.ReviewAsync(line.GetValue(Id), line.GetValue(By)!, line.GetValue(Note), stop)
            ? 0
            : throw new StartupException("there is no such event, or somebody has looked into it before; see: break-glass list --all")));
        return new("break-glass", "Look into emergency access.") { list, reviewed };
    }

    private static async Task<int> WithStoreAsync(ParseResult line, Func<BreakGlassStore, Task<int>> action)
    {
        await using var dataSource = DataSources.Create(Settings.Database(line));
        return await action(new BreakGlassStore(dataSource));
    }

    private static async Task<int> ListAsync(ParseResult line, BreakGlassStore store, CancellationToken cancellationToken)
    {
        foreach (var item in await store.ListAsync(line.GetValue(All), cancellationToken))
        {
            var state = item.ReviewedAt is { } at ? $"reviewed {at.UtcDateTime:yyyy-MM-dd HH:mm} by {item.ReviewedBy}" : "not reviewed";
            Console.WriteLine($"{item.Id}  {item.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {item.UserName} ({item.FhirUser})  {item.ClientId}  {state}");
            Console.WriteLine($"    {item.Reason}");
        }

        return 0;
    }
}
