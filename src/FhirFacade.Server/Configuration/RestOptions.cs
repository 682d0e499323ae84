namespace FhirFacade.Server.Configuration;

/// <summary>What the FHIR API takes and gives.</summary>
public sealed class RestOptions
{
    /// <summary>What a resource has to pass before it is stored.</summary>
    public WriteValidation Validation { get; init; } = WriteValidation.Structure;

    /// <summary>Whether a PUT to an id that nobody has creates the resource.</summary>
    public bool UpdateCreates { get; init; } = true;

    /// <summary>Largest resource in a request, in bytes. A Bundle that is posted to the base may have the size of any request.</summary>
    public int MaxResourceBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How deep objects and arrays may be nested in what is written.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many entries a batch or transaction may have.</summary>
    public int MaxEntries { get; init; } = 10_000;

    /// <summary>Requests a second that one client may go on making; 0 for no limit. Beyond it: 429 with Retry-After.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>How many requests more than that one client may make at once, after a pause.</summary>
    public int Burst { get; init; } = 100;

    /// <summary>Requests that are worked on at the same time; as many again wait. Beyond that: 503 with Retry-After.</summary>
    public int MaxConcurrent { get; init; } = 1000;

    /// <summary>How long a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests to be answered later (<c>Prefer: respond-async</c>) that this instance works on at the same time; 0 leaves them to others.</summary>
    public int AsyncWorkers { get; init; } = 2;

    /// <summary>Such requests of one client that may be open at the same time. Beyond it: 429.</summary>
    public int MaxAsyncOfClient { get; init; } = 20;

    /// <summary>How long such a request may take.</summary>
    public TimeSpan AsyncTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long its answer is kept.</summary>
    public TimeSpan AsyncLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Origins of browser apps that may call the server. None named: any, since a browser never sends a token on its own.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether answers are compressed for clients that take gzip or br.</summary>
    public bool Compression { get; init; } = true;
}

/// <summary>How closely written resources are looked at. Each level asks for all that the one before asks for.</summary>
public enum WriteValidation
{
    /// <summary>JSON or XML within the limits, with the type and id of its address. For content that has been validated before.</summary>
    None,

    /// <summary>Elements, types, cardinalities, formats and required codes of R4, and no narrative that could do harm in a browser.</summary>
    Structure,

    /// <summary>Also the invariants of R4, its bindings with a widest value set, and its own profiles where a resource claims them.</summary>
    Invariants,

    /// <summary>Also every profile that a resource claims and the server knows: US Core, and those of installed packages.</summary>
    Profiles,
}
