using System.Security.Cryptography;
using System.Text;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Ties a page link to one search by one grant.</summary>
internal static class CursorBinding
{
    /// <summary>The same for the same search by the same grant, and for nothing else.</summary>
    public static string Of(SearchQuery query, AccessGrant grant) => Of([query.Type], query, grant);

    /// <inheritdoc cref="Of(SearchQuery, AccessGrant)"/>
    public static string Of(SystemQuery query, AccessGrant grant) => Of(["*", .. query.Queries.Select(q => q.Type)], query.Queries[0], grant);

    private static string Of(IEnumerable<string> types, SearchQuery query, AccessGrant grant)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var type in types)
        {
            Add(type);
        }

        Add(query.Within?.Compartment);
        Add(query.Within?.Id);
        foreach (var (name, value) in query.Applied)
        {
            Add(name);
            Add(value);
        }

        Add(null);
        Add(grant.Subject);
        Add(grant.ClientId);
        Add(grant.PatientId);
        Add(grant.User?.ToString());
        foreach (var rule in grant.Rules.IsDefault ? [] : grant.Rules)
        {
            Add(rule.ToScope());
            Add(rule.PatientId);
            Add(rule.Reach?.ToString());
        }

        return Convert.ToBase64String(hash.GetHashAndReset(), 0, 18);

        void Add(string? part)
        {
            hash.AppendData(BitConverter.GetBytes(part?.Length ?? -1));
            hash.AppendData(Encoding.UTF8.GetBytes(part ?? ""));
        }
    }
}
