using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Journal;

/// <summary>Records what messages have become, in the transaction that made it so.</summary>
internal static class JournalCompletion
{
    private const string Sql = """
        update journal j set state = u.state, attempts = attempts + 1, finished_at = $8,
          error_location = u.error_location, error_rule = u.error_rule, error_code = u.error_code,
          unmapped = string_to_array(u.unmapped, E'\n'), warnings = u.warnings, feed = u.feed
        from unnest($1, $2, $3, $4, $5, $6, $7, $9) as u (id, state, error_location, error_rule, error_code, unmapped, warnings, feed)
        where j.id = u.id
        """;

    public static async Task RecordAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(long Id, MessageOutcome Outcome)> finished, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                Array(finished, item => item.Id),
                Array(finished, item => JournalStates.NameOf(item.Outcome is MessageOutcome.Fail ? JournalState.Failed : JournalState.Stored)),
                Array(finished, item => StorableText.OrNull(Error(item.Outcome)?.Location)),
                Array(finished, item => StorableText.OrNull(Error(item.Outcome)?.Rule)),
                Array(finished, item => Error(item.Outcome)?.Code),
                Array(finished, item => Unmapped(item.Outcome)),
                new() { Value = finished.Select(item => Warnings(item.Outcome)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json },
                new() { Value = now.UtcDateTime },
                Array(finished, item => item.Outcome.Feed),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static JournalError? Error(MessageOutcome outcome) => (outcome as MessageOutcome.Fail)?.Error;

    private static string? Unmapped(MessageOutcome outcome) =>
        outcome is MessageOutcome.Store { Unmapped: { IsDefaultOrEmpty: false } unmapped } ? StorableText.Of(string.Join('\n', unmapped), 100_000) : null;

    private static string? Warnings(MessageOutcome outcome) =>
        outcome is MessageOutcome.Store { Warnings: { IsDefaultOrEmpty: false } warnings } ? JsonSerializer.Serialize(warnings) : null;

    private static NpgsqlParameter<T[]> Array<T>(IReadOnlyCollection<(long Id, MessageOutcome Outcome)> finished, Func<(long Id, MessageOutcome Outcome), T> value) =>
        new() { TypedValue = [.. finished.Select(value)] };
}
