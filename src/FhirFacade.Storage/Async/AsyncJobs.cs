using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Async;

/// <summary>The requests that are answered later, shared by all instances of the server.</summary>
/// <remarks>A job whose worker gives no sign of life is somebody else's to claim; a job that is gone was cancelled, and its worker stops.</remarks>
public sealed class AsyncJobs(NpgsqlDataSource dataSource)
{
    /// <summary>How long a worker may stay silent.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>Adds a job; false where the client has as many open ones as it may.</summary>
    public async Task<bool> TryAddAsync(AsyncJob job, int mostOfClient, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        await using var command = dataSource.CreateCommand("""
            insert into async_job (id, client_id, subject, claims, method, target, request, headers, body, created_at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
            where (select count(*) from async_job where client_id = $2 and state in ('waiting', 'running')) < $11
            """);
        Add(command, job.Id, job.Caller.ClientId, job.Caller.Subject, Json(job.Caller.Claims), job.Request.Method, job.Request.Target, job.Request.Address, Json(job.Request.Headers));
        command.Parameters.Add(new() { Value = job.Request.Body.IsEmpty ? DBNull.Value : job.Request.Body.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
        Add(command, job.CreatedAt.UtcDateTime, mostOfClient);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Takes the oldest job that waits, or that its worker has left; null if there is none.</summary>
    public async Task<(AsyncJob Job, bool WasLeft)?> ClaimAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with next as (select id, state from async_job where state = 'waiting' or state = 'running' and beat_at < $2 order by created_at limit 1 for update skip locked)
            update async_job j set state = 'running', beat_at = $1, progress = '' from next where j.id = next.id
            returning j.id, j.client_id, j.subject, j.claims::text, j.method, j.target, j.request, j.headers::text, j.body, j.created_at, next.state
            """);
        Add(command, now.UtcDateTime, (now - Silence).UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (Read(reader), reader.GetString(10) == "running") : null;
    }

    /// <summary>Gives a sign of life and says how far it is; false if the job is gone: it was cancelled.</summary>
    public Task<bool> BeatAsync(string id, string progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync("update async_job set beat_at = $2, progress = $3 where id = $1 and state = 'running'", cancellationToken, id, now.UtcDateTime, progress);

    /// <summary>Gives a job back, to be begun anew.</summary>
    public Task ReleaseAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync("with old as (delete from async_page where job = $1) update async_job set state = 'waiting', beat_at = null, progress = '' where id = $1 and state = 'running'", cancellationToken, id);

    /// <summary>Keeps a page of the answer; one of an earlier attempt is replaced. False if the job is gone.</summary>
    public Task<bool> AddPageAsync(string id, int ordinal, byte[] doc, CancellationToken cancellationToken) => ChangeAsync(
        "insert into async_page (job, ordinal, doc) select id, $2, $3 from async_job where id = $1 for share on conflict (job, ordinal) do update set doc = excluded.doc",
        cancellationToken, id, ordinal, doc);

    /// <summary>Ends a job that is answered. What it was asked with is forgotten but for the address.</summary>
    /// <param name="id">The job.</param>
    /// <param name="pages">The number of pages; those beyond, of an earlier attempt, are taken away.</param>
    /// <param name="expiresAt">When the answer is to be gone.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    public Task FinishAsync(string id, int pages, DateTimeOffset expiresAt, CancellationToken cancellationToken) => ChangeAsync(
        "with old as (delete from async_page where job = $1 and ordinal > $2) update async_job set state = 'done', body = null, expires_at = $3 where id = $1",
        cancellationToken, id, pages, expiresAt.UtcDateTime);

    /// <summary>Ends a job that was refused, or that cannot be ended otherwise.</summary>
    public Task FailAsync(string id, int status, byte[] outcome, DateTimeOffset expiresAt, CancellationToken cancellationToken) => ChangeAsync(
        "with old as (delete from async_page where job = $1) update async_job set state = 'failed', body = null, status = $2, outcome = $3, expires_at = $4 where id = $1",
        cancellationToken, id, status, outcome, expiresAt.UtcDateTime);

    /// <summary>A job of a caller and how far it is; null if there is none, or it is somebody else's, or it has expired.</summary>
    public async Task<(AsyncJob Job, AsyncState State)?> FindAsync(string id, string clientId, string subject, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select j.id, j.client_id, j.subject, j.claims::text, j.method, j.target, j.request, j.headers::text, null::bytea, j.created_at,
                   j.state, j.progress, j.status, j.outcome, j.expires_at, (select count(*)::int from async_page p where p.job = j.id)
            from async_job j where j.id = $1 and j.client_id = $2 and j.subject = $3 and (j.expires_at is null or j.expires_at > $4)
            """);
        Add(command, id, clientId, subject, now.UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }
        AsyncState state = reader.GetString(10) switch
        {
            "waiting" => new AsyncState.Waiting(),
            "running" => new AsyncState.Running(reader.GetString(11)),
            "done" => new AsyncState.Done(reader.GetInt32(15), reader.GetFieldValue<DateTimeOffset>(14)),
            _ => new AsyncState.Failed(reader.GetInt32(12), reader.GetFieldValue<byte[]>(13)),
        };
        return (Read(reader), state);
    }

    /// <summary>A page of an answer, from 1; null if there is none.</summary>
    public async Task<byte[]?> PageAsync(string id, int ordinal, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select doc from async_page where job = $1 and ordinal = $2");
        Add(command, id, ordinal);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Cancels a job, or throws its answer away.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => ChangeAsync("delete from async_job where id = $1", cancellationToken, id);

    /// <summary>Throws away what has expired.</summary>
    public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => ChangeAsync("delete from async_job where expires_at <= $1", cancellationToken, now.UtcDateTime);

    private async Task<bool> ChangeAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = dataSource.CreateCommand(sql);
        Add(command, values);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }
    }

    private static NpgsqlParameter Json(ImmutableArray<KeyValuePair<string, string>> pairs) =>
        new() { Value = JsonSerializer.Serialize(pairs.Select(pair => new[] { pair.Key, pair.Value })), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static AsyncJob Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        new AsyncCaller(reader.GetString(1), reader.GetString(2), Pairs(reader.GetString(3))),
        new AsyncRequest(reader.GetString(4), reader.GetString(5), reader.GetString(6), Pairs(reader.GetString(7)), reader.IsDBNull(8) ? default : reader.GetFieldValue<byte[]>(8)),
        reader.GetFieldValue<DateTimeOffset>(9));

    private static ImmutableArray<KeyValuePair<string, string>> Pairs(string json) =>
        [.. JsonSerializer.Deserialize<string[][]>(json)!.Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
}
