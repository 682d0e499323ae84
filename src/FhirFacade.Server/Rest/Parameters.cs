using System.Buffers;
using System.Text;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FhirFacade.Server.Rest;

/// <summary>The parameters of a request: names exactly as written, in order, percent-decoded.</summary>
public static class Parameters
{
    private const int LongestForm = 256 * 1024;
    private const int Most = 256;

    /// <summary>Those of the address.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.QueryString.HasValue ? Read(request.QueryString.Value) : [];
    }

    /// <summary>Those of the address and of a form in the body; 415, 413 or 400 if they cannot be read.</summary>
    public static async Task<(IReadOnlyList<KeyValuePair<string, string>> Parameters, Refusal? Refusal)> OfFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return ([], Refusal.One(StatusCodes.Status415UnsupportedMediaType, IssueType.NotSupported, "the body is to be application/x-www-form-urlencoded"));
        }
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > LongestForm)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return ([], Refusal.One(StatusCodes.Status413PayloadTooLarge, IssueType.TooLong, "the body is larger than is allowed"));
            }
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var form = Encoding.UTF8.GetString(read.Buffer.ToArray());
            reader.AdvanceTo(read.Buffer.End);
            return ([.. Of(request), .. Read(form)], null);
        }
    }

    /// <summary>400 where there are more than any search needs, or a character that no text of FHIR can have.</summary>
    public static Refusal? Check(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count > Most)
        {
            return Refusal.BadRequest($"more than {Most} parameters", IssueType.TooCostly);
        }
        return parameters.Any(p => p.Key.Contains('\0', StringComparison.Ordinal) || p.Value.Contains('\0', StringComparison.Ordinal))
            ? Refusal.BadRequest("a parameter holds the character U+0000", IssueType.Value)
            : null;
    }

    /// <summary>Name and value as they are written in an address.</summary>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    /// <summary>Those of a query string, with or without its question mark.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string? query)
    {
        var list = new List<KeyValuePair<string, string>>();
        foreach (var pair in new QueryStringEnumerable(query.AsMemory()))
        {
            if (pair.EncodedName.Length > 0)
            {
                list.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
            }
        }
        return list;
    }
}
