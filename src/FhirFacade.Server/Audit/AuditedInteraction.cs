using FhirFacade.Fhir.Definitions;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Rest;
using FhirFacade.Storage.Audit;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>What a request asks for, as the trail tells it: without a value that anybody put into the address.</summary>
/// <param name="Action">C, R, U, D or E.</param>
/// <param name="Kind">The interaction's code, or <c>$</c> and the name of an operation.</param>
/// <param name="Target">The path, and the names of parameters.</param>
internal sealed record AuditedInteraction(string Action, string Kind, string Target)
{
    public static AuditedInteraction Of(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.StartsWith(AdminEndpoints.Root, StringComparison.Ordinal) || path.StartsWith(BreakGlassReview.Root, StringComparison.Ordinal))
        {
            return new(request.Method switch { "POST" when path.EndsWith("/reviewed", StringComparison.Ordinal) => "U", "POST" => "C", "PUT" or "PATCH" => "U", "DELETE" => "D", _ => "R" }, AuditKinds.Configuration, Known(path.Split('/', StringSplitOptions.RemoveEmptyEntries)));
        }
        if (!path.StartsWith("/fhir", StringComparison.Ordinal))
        {
            return new("E", AuditKinds.Token, Known(path.Split('/', StringSplitOptions.RemoveEmptyEntries)));
        }
        if (Read(request, path) is { } read)
        {
            return read;
        }
        var parts = path["/fhir".Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (action, kind) = Of(request.Method, parts);
        var names = request.Query.Keys.Select(name => IsName(name) ? name : "*").Order(StringComparer.Ordinal).ToList();
        return new(action, kind, Known(parts) + (names.Count == 0 ? "" : "?" + string.Join('&', names)));
    }

    // The commonest of all by the shortest way: GET [base]/[type]/[id]; null for anything else.
    private static AuditedInteraction? Read(HttpRequest request, string path)
    {
        var type = path.Length > "/fhir/".Length ? path.IndexOf('/', "/fhir/".Length) : -1;
        return type > 0 && request.Method == "GET" && !request.QueryString.HasValue
            && R4.Definitions.IsResourceType(path["/fhir/".Length..type]) && Address.IsId(path[(type + 1)..])
            ? new("R", "read", path["/fhir/".Length..])
            : null;
    }

    private static (string Action, string Kind) Of(string method, string[] parts)
    {
        if (parts.LastOrDefault(part => part.StartsWith('$')) is { } operation)
        {
            return ("E", IsName(operation[1..]) ? operation : "$");
        }
        return method switch
        {
            "PUT" => ("U", "update"),
            "PATCH" => ("U", "patch"),
            "DELETE" => ("D", "delete"),
            "POST" when parts is [.., "_search"] => ("E", parts.Length == 1 ? "search-system" : "search-type"),
            "POST" when parts.Length == 0 => ("E", "transaction"),
            "POST" => ("C", "create"),
            _ => parts switch
            {
                [] => ("E", "search-system"),
                ["_history"] => ("R", "history-system"),
                [_] => ("E", "search-type"),
                [_, "_history"] => ("R", "history-type"),
                [_, _] => ("R", "read"),
                [_, _, "_history"] => ("R", "history-instance"),
                [_, _, "_history", _] => ("R", "vread"),
                _ => ("E", "search-type"),
            },
        };
    }

    // An id is what the server made, or a client for it; anything else in a path may be anything.
    private static string Known(string[] parts) =>
        string.Join('/', parts.Select((part, i) => (i > 0 || R4.Definitions.IsResourceType(part) || part.StartsWith('_') || part.StartsWith('$') || part is "oauth" or "admin" or "site" or "account") && IsName(part.TrimStart('$')) ? part : "*"));

    private static bool IsName(string text) => text.Length is > 0 and <= 64 && Address.IsId(text.Replace('_', '-').Replace(':', '-'));
}
