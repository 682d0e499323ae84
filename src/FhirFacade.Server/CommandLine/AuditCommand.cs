using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade audit verify</c>: whether the audit trail is as it was written.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var verify = new Command("verify", "Check every hash of the audit trail. Exit code 1 if something was changed, taken out or put in.");
        verify.SetAction((line, stop) => VerifyAsync(line, stop));
        return new("audit", "Look after the audit trail.") { verify };
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
            foreach (var problem in check.Problems)
            {
                Console.WriteLine(problem);
            }
            return check.Problems.Count == 0 ? 0 : 1;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StartupException("this database holds no audit trail yet; start the server once", error);
        }
    }
}
