using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>The wishes of a <c>Prefer</c> header (RFC 7240; R4 http.html, create and search).</summary>
/// <param name="Return">What the body of an answer to a write is to be.</param>
/// <param name="Strict">Whether unknown search parameters are errors instead of being left out.</param>
public sealed record Prefer(PreferReturn Return, bool Strict)
{
    /// <summary>Whether the answer may come later (R4 async.html).</summary>
    public bool Async { get; init; }

    /// <summary>The value of <c>return</c> as the client wrote it; null where it wrote none.</summary>
    public string? Named { get; init; }

    private static readonly Prefer None = new(PreferReturn.Representation, Strict: false);

    /// <summary>The value of <c>handling</c> as the client wrote it; null where it wrote none.</summary>
    public string? Handling { get; init; }

    /// <summary>Tells the client which of its wishes the answer follows (RFC 7240 section 3).</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="name"><c>return</c> or <c>handling</c>.</param>
    public static void Applied(HttpContext http, string name)
    {
        ArgumentNullException.ThrowIfNull(http);
        var prefer = Of(http.Request);
        if ((name == "return" ? prefer.Named : prefer.Handling) is { } value)
        {
            http.Response.Headers.Append("Preference-Applied", $"{name}={value}");
        }
    }

    /// <summary>Reads the header; what is not understood is no preference.</summary>
    public static Prefer Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var prefer = None;
        foreach (var header in request.Headers["Prefer"])
        {
            foreach (var wish in (header ?? "").Split(',', ';'))
            {
                prefer = wish.Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal) switch
                {
                    "return=minimal" => prefer with { Return = PreferReturn.Minimal, Named = "minimal" },
                    "return=representation" => prefer with { Return = PreferReturn.Representation, Named = "representation" },
                    "return=OperationOutcome" => prefer with { Return = PreferReturn.OperationOutcome, Named = "OperationOutcome" },
                    "handling=strict" => prefer with { Strict = true, Handling = "strict" },
                    "handling=lenient" => prefer with { Strict = false, Handling = "lenient" },
                    "respond-async" => prefer with { Async = true },
                    _ => prefer,
                };
            }
        }
        return prefer;
    }
}

/// <summary>The values of <c>Prefer: return=</c>.</summary>
public enum PreferReturn
{
    /// <summary>The resource as it is stored now.</summary>
    Representation,

    /// <summary>No body.</summary>
    Minimal,

    /// <summary>An OperationOutcome that says it went well.</summary>
    OperationOutcome,
}
