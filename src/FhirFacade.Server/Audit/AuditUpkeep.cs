using System.Security.Cryptography;
using System.Text.Json;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FhirFacade.Server.Audit;

/// <summary>Tells the trail at the start when the settings are other than at the start before, and takes out of it once a day what is older than it is kept.</summary>
internal sealed partial class AuditUpkeep(AuditWriter trail, NpgsqlDataSource dataSource, ServerOptions options, TimeProvider clock, ILogger<AuditUpkeep> log) : BackgroundService
{
    private const string Name = "fhirfacade-server";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TellSettingsAsync(stoppingToken);
            while (options.Access.AuditRetention is { } kept)
            {
                if (await new AuditRetention(dataSource).RemoveAsync(clock.GetUtcNow() - kept, Name, stoppingToken) is { } removed)
                {
                    Removed(log, removed.Through);
                }
                await Task.Delay(Day, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception lost) when (lost is NpgsqlException or IOException or ObjectDisposedException)
        {
            Lost(log, lost.GetType().Name);     // the next start does it
        }
    }

    /// <summary>What the settings of access and of the ways in are, as one short text; no secret is in them.</summary>
    internal static string Print(ServerOptions options) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { options.Demo, options.Access, options.Rest, options.Ingest, options.Smart.UserAccess, options.Smart.Registration, options.Smart.Authority })))[..16];

    // Also where none is kept any more: else the trail would end without a word.
    private async Task TellSettingsAsync(CancellationToken cancellationToken)
    {
        var target = $"settings/{options.Access.Audit}/{Print(options)}";
        var last = await new AuditReader(dataSource).FindAsync(new AuditQuery { Agent = Name, Kind = AuditKinds.Configuration, Count = 1 }, cancellationToken);
        if (last is [var told] ? told.Target != target : options.Access.Audit != Access.AuditMode.Off)
        {
            await trail.AppendAsync(new(AuditRecord.Microseconds(clock.GetUtcNow()), "U", AuditKinds.Configuration, 200, Name, Name, "", "", "", target, [], []));
        }
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "the audit trail up to block {Block} was older than it is kept, and was removed")]
    private static partial void Removed(ILogger log, long block);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "the upkeep of the audit trail was not done: {Kind}")]
    private static partial void Lost(ILogger log, string kind);
}
