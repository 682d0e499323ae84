using System.CommandLine;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade audit verify|remove</c>: whether the audit trail is as it was written; and taking out of it what is old.</summary>
internal static class AuditCommand
{
    private static readonly Option<int?> Days = new("--older-than") { Description = "in days, at least 30; otherwise what Access:AuditRetention says", HelpName = "DAYS" };

    public static Command Create()
    {
        var verify = new Command("verify", "Check every hash of the audit trail. Exit code 1 if something was changed, taken out or put in.");
        verify.SetAction((line, stop) => VerifyAsync(line, stop));
        var remove = new Command("remove", "Take the oldest events out of the trail; what remains can be checked as before, and tells of it.") { Days };
        remove.SetAction((line, stop) => RemoveAsync(line, stop));
        return new("audit", "Look after the audit trail.") { verify, remove };
    }

    private static async Task<int> VerifyAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var dataSource = DataSources.Create(Settings.Database(line));
        try
        {
            var check = await new AuditVerification(dataSource).CheckAsync(cancellationToken);
            Console.WriteLine(check.Blocks == 0
                ? "the trail is empty (Access:Audit says whether one is kept)"
                : $"{check.Events} events in {check.Blocks} blocks; the last hash is {Convert.ToHexStringLower(check.Head.Span)}");
            if (check.Removed > 0)
            {
                Console.WriteLine($"{check.Removed} older events were removed");
            }
            var (waiting, damaged) = AuditVerification.CheckSpool(AuditServices.SpoolDirectory(Settings.Load(line)));
            if (waiting > 0)
            {
                Console.WriteLine($"{waiting} events wait in the spool for the next start of the server");
            }
            var problems = check.Problems.Concat(damaged.Select(file => $"the spool file {file.File} is damaged: {(file.Lost < 0 ? "it cannot be told how many" : file.Lost)} events are lost")).ToList();
            problems.ForEach(Console.WriteLine);
            return problems.Count == 0 ? 0 : 1;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StartupException("this database holds no audit trail yet; start the server once", error);
        }
    }

    private static async Task<int> RemoveAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var kept = line.GetValue(Days) is { } days ? TimeSpan.FromDays(days) : Settings.Load(line).Access.AuditRetention ?? throw new StartupException("how old? Say --older-than DAYS, or set Access:AuditRetention");
        if (kept < TimeSpan.FromDays(30))
        {
            throw new StartupException("events are kept for at least 30 days");
        }
        await using var dataSource = DataSources.Create(Settings.Database(line));
        var removed = await new AuditRetention(dataSource).RemoveAsync(DateTimeOffset.UtcNow - kept, "os:" + Environment.UserName, cancellationToken);
        Console.WriteLine(removed is null ? "nothing is that old" : $"removed up to block {removed.Through}");
        return 0;
    }
}
