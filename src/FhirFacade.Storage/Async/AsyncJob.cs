using System.Collections.Immutable;

namespace FhirFacade.Storage.Async;

/// <summary>A request that is answered later.</summary>
/// <param name="Id">128 random bits, hexadecimal: nobody finds it by guessing.</param>
/// <param name="Caller">Who asked.</param>
/// <param name="Request">What was asked.</param>
/// <param name="CreatedAt">When.</param>
public sealed record AsyncJob(string Id, AsyncCaller Caller, AsyncRequest Request, DateTimeOffset CreatedAt);

/// <summary>Who made a request.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Subject">The user, or the client itself.</param>
/// <param name="Claims">All that the token said: names and values.</param>
public sealed record AsyncCaller(string ClientId, string Subject, ImmutableArray<KeyValuePair<string, string>> Claims);

/// <summary>A request as it came.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Target">Path and query under the server's root.</param>
/// <param name="Address">The whole address, as the client has to see it again.</param>
/// <param name="Headers">Those that count.</param>
/// <param name="Body">Empty for none.</param>
public sealed record AsyncRequest(string Method, string Target, string Address, ImmutableArray<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether it may be begun anew after it was broken off: it changes nothing.</summary>
    public bool IsRepeatable => Method == "GET" || Target.Split('?')[0].EndsWith("/_search", StringComparison.Ordinal);
}

/// <summary>How far a job is. A closed set.</summary>
public abstract record AsyncState
{
    private AsyncState() { }

    /// <summary>Nobody has begun.</summary>
    public sealed record Waiting : AsyncState;

    /// <summary>Somebody works on it.</summary>
    /// <param name="Progress">How far, in words.</param>
    public sealed record Running(string Progress) : AsyncState;

    /// <summary>It is answered.</summary>
    /// <param name="Pages">The number of pages.</param>
    /// <param name="ExpiresAt">When they will be gone.</param>
    public sealed record Done(int Pages, DateTimeOffset ExpiresAt) : AsyncState;

    /// <summary>It was refused, or could not be brought to an end.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Outcome">An OperationOutcome.</param>
    public sealed record Failed(int Status, ReadOnlyMemory<byte> Outcome) : AsyncState;
}
