using System.Diagnostics;
using FhirFacade.Storage.Resources;
using Npgsql;

namespace FhirFacade.Storage.Schema;

/// <summary>Tells trouble that passes from trouble that stays.</summary>
internal static class DatabaseTrouble
{
    /// <summary>
    /// True if the same transaction may succeed when it is done again: the connection is gone, the server restarts, is out of
    /// resources, read-only for now, or saw a conflict between transactions.
    /// </summary>
    public static bool Passes(Exception exception) => exception switch
    {
        _ when IsConflict(exception) => true,
        PostgresException refused => refused.IsTransient
            || refused.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable
            || LostStatements(refused)
            || refused.SqlState[..2] is "08" or "53" or "57" or "58",
        NpgsqlException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>True if two transactions were in each other's way: done again, this one may well succeed.</summary>
    public static bool IsConflict(Exception exception) => exception is ConcurrentWriteException
        or PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>True if the connection's prepared statements are not what the driver believes: connections have to be made anew.</summary>
    public static bool LostStatements(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.InvalidSqlStatementName };

    /// <summary>What may be said of it in the journal and in logs: never a value.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        PostgresException refused => $"the database refused it (SQLSTATE {refused.SqlState})",
        ConcurrentWriteException => "another transaction wrote the same resource",
        _ when Passes(exception) => "the database did not answer",
        _ => DescribeFault(exception),
    };

    /// <summary>The same of what has nothing to do with the database.</summary>
    public static string DescribeFault(Exception exception) => $"it met a fault of this program ({exception.GetType().Name} in {Where(exception)})";

    private static string Where(Exception exception) =>
        new StackTrace(exception).GetFrame(0)?.GetMethod() is { } method ? $"{method.DeclaringType?.Name}.{method.Name}" : "unknown code";
}
