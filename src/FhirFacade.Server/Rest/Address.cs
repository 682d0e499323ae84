using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Storage.Schema;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>What the path of a request names, and whether the grant opens its type at all.</summary>
internal static class Address
{
    /// <summary>The longest logical id (R4 datatypes.html, id).</summary>
    private const int LongestId = 64;

    public static string Type(HttpContext http) => (string)http.Request.RouteValues["type"]!;

    public static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    /// <summary>The version in the path, or null for a text that no version of ours has.</summary>
    public static int? Version(HttpContext http) =>
        ETag.Parse($"\"{http.Request.RouteValues["version"]}\"");

    /// <summary>404 for a type that is not R4's or never stored, 403 for one of which the grant opens nothing, else null.</summary>
    public static Refusal? Refuse(string type, AccessGrant grant, Interactions needed)
    {
        return RefuseType(type) ?? Closed(type, grant, needed);
    }

    /// <summary>404 for a type that is not R4's or never stored, else null.</summary>
    public static Refusal? RefuseType(string type) =>
        ResourceTables.Has(type) ? null
        : R4.Definitions.IsResourceType(type) ? Refusal.One(StatusCodes.Status404NotFound, "not-supported", "resources of this type are not stored")
        : Refusal.UnknownType();

    private static Refusal? Closed(string type, AccessGrant grant, Interactions needed)
    {
        return grant.For(type, needed, Enforcement.All) is TypeAccess.Denied ? Refusal.Forbidden(type, needed.ToString().ToLowerInvariant()) : null;
    }

    /// <summary>Whether the text can be a logical id.</summary>
    public static bool IsId(string id)
    {
        if (id.Length is 0 or > LongestId)
        {
            return false;
        }
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }
        return true;
    }
}
