using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FhirFacade.Server.Audit;

/// <summary>What keeps the audit trail.</summary>
internal static partial class AuditServices
{
    /// <summary>The directory of events that wait for their block.</summary>
    public static string SpoolDirectory(ServerOptions options) => Path.Combine(options.DataPath, "audit");

    /// <summary>Adds the writer and the middleware; where no trail is kept, a writer without a spool that nobody writes to.</summary>
    public static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<AuditWriter>>();
            return new AuditWriter(provider.GetRequiredService<NpgsqlDataSource>(), options.Access.Audit == AuditMode.Spooled ? SpoolDirectory(options) : null)
            {
                OnDamage = (file, lost) => SpoolDamaged(log, file, lost),
            };
        });
        services.AddSingleton(provider => new MessageEvents(provider.GetRequiredService<AuditWriter>(), provider.GetRequiredService<TimeProvider>(), options.Access.Audit != AuditMode.Off));
        services.AddHostedService<AuditUpkeep>();
        if (options.Access.Audit != AuditMode.Off)
        {
            services.AddSingleton<Auditing>();
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Critical, Message = "The audit spool {File} was damaged: {Lost} of its events (-1: nobody knows how many) cannot be read any more, the others stand in the trail; the file is kept")]
    private static partial void SpoolDamaged(ILogger log, string file, long lost);
}
