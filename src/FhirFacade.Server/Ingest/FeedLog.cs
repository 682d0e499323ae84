namespace FhirFacade.Server.Ingest;

/// <summary>What the feed says of itself. No parameter can hold a value of a message: types, places, rules, counts and ids of ours only.</summary>
internal static partial class FeedLog
{
    private static readonly Func<ILogger, long, string, IDisposable?> MessageScope =
        LoggerMessage.DefineScope<long, string>("journal {JournalId}, {CorrelationId}");

    /// <summary>Ties everything that is logged until it is disposed to one message.</summary>
    public static IDisposable? Message(ILogger logger, long journalId, string correlationId) => MessageScope(logger, journalId, correlationId);

    [LoggerMessage(1, LogLevel.Debug, "journal {JournalId}: {MessageType} received, repeated: {IsDuplicate}, rejected: {IsRejected}, {CorrelationId}")]
    public static partial void Received(ILogger logger, long journalId, string messageType, bool isDuplicate, bool isRejected, string correlationId);

    [LoggerMessage(2, LogLevel.Error, "a message could not be journalled and was not accepted, {CorrelationId}")]
    public static partial void NotJournalled(ILogger logger, Exception error, string correlationId);

    [LoggerMessage(31, LogLevel.Error, "a message was not accepted: it is in the journal, but the audit trail could not be told of it, {CorrelationId}")]
    public static partial void NotTold(ILogger logger, Exception error, string correlationId);

    [LoggerMessage(3, LogLevel.Warning, "{MessageType} failed at {Location}: {Rule}")]
    public static partial void Failed(ILogger logger, string messageType, string location, string rule);

    [LoggerMessage(5, LogLevel.Debug, "connection {ConnectionId} opened")]
    public static partial void Opened(ILogger logger, string connectionId);

    [LoggerMessage(6, LogLevel.Debug, "connection {ConnectionId} closed after {Messages} messages")]
    public static partial void Closed(ILogger logger, string connectionId, long messages);

    [LoggerMessage(7, LogLevel.Warning, "connection {ConnectionId}: {Count} bytes outside of any message skipped")]
    public static partial void Garbage(ILogger logger, string connectionId, long count);

    [LoggerMessage(8, LogLevel.Warning, "connection {ConnectionId}: a message is longer than {Limit} bytes; refused, connection closed")]
    public static partial void TooLarge(ILogger logger, string connectionId, int limit);

    [LoggerMessage(9, LogLevel.Information, "connection {ConnectionId}: nothing received for {Seconds} s, closed")]
    public static partial void Idle(ILogger logger, string connectionId, int seconds);

    [LoggerMessage(10, LogLevel.Warning, "connection refused: {Limit} are open already")]
    public static partial void TooManyConnections(ILogger logger, int limit);

    [LoggerMessage(11, LogLevel.Warning, "connection {ConnectionId} ended inside a message, which was not accepted")]
    public static partial void CutOff(ILogger logger, string connectionId);

    [LoggerMessage(13, LogLevel.Information, "feed profile {Profile} {Version} is in force")]
    public static partial void ProfileInForce(ILogger logger, string profile, string version);

    [LoggerMessage(14, LogLevel.Error, "a feed profile is refused: {File}:{Line}: {Reason}")]
    public static partial void ProfileRefused(ILogger logger, string file, int line, string reason);

    [LoggerMessage(15, LogLevel.Warning, "changes of the feed profiles are found by looking only: {Reason}")]
    public static partial void NotWatched(ILogger logger, string reason);

    [LoggerMessage(12, LogLevel.Information, "connection {ConnectionId} was lost: {Reason}")]
    public static partial void Lost(ILogger logger, string connectionId, string reason);
}
