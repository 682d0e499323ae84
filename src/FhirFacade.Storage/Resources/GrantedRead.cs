using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Resources;

/// <summary>How one grant reads resources of one type by their id: what depends on nothing else is worked out once, and only the id differs from read to read.</summary>
/// <remarks>
/// A grant is a value and never changes, and what is stored is looked up by the statements themselves, so there is nothing here that could be out of date but the search
/// parameters by which a grant's filters are read; with others of them it is worked out anew. It lives as long as the grant.
/// </remarks>
internal sealed class GrantedRead
{
    private static readonly ConditionalWeakTable<AccessGrant, ConcurrentDictionary<string, GrantedRead>> Known = [];

    private readonly SearchParameterSet parameters;

    private GrantedRead(AccessGrant grant, string type, SearchParameterSet parameters)
    {
        this.parameters = parameters;
        Redaction = Redaction.Of(grant.Masked);
        var open = ResourceTables.Has(type) ? GrantPredicate.Of(grant, type, Interactions.Read) : new Predicate.Never();
        if (open is Predicate.Never)
        {
            return;
        }

        // Most patients have given no consent: theirs are asked about in full only where a row was not found without them.
        var unspoken = open.WhereUnspoken();
        First = Current(type, unspoken);
        Whole = ReferenceEquals(open, unspoken) ? null : Current(type, open);
    }

    /// <summary>Finds the row, and tells its version, time, document and patient; null: the grant opens nothing of the type.</summary>
    public KeyedStatement? First { get; }

    /// <summary>The same for a row that <see cref="First"/> does not find; null: there is no such.</summary>
    public KeyedStatement? Whole { get; }

    /// <summary>What the grant hides; null for nothing.</summary>
    public Redaction? Redaction { get; }

    /// <summary>That of a grant and a type; of a type that is not stored, too.</summary>
    public static GrantedRead Of(AccessGrant grant, string type)
    {
        var parameters = SearchParameterSet.Served;
        var ofGrant = Known.GetValue(grant, static _ => new(StringComparer.Ordinal));
        if (ofGrant.TryGetValue(type, out var known) && ReferenceEquals(known.parameters, parameters))
        {
            return known;
        }

        // Only names of types are remembered: whatever else somebody asks for is not kept.
        var made = new GrantedRead(grant, type, parameters);
        return ResourceTables.Has(type) ? ofGrant[type] = made : made;
    }

    private static KeyedStatement Current(string type, Predicate open)
    {
        var sql = new SqlStatement().Sql("select t.version, t.last_updated, t.doc, t.patient from ").Table(type).Sql(" t where t.id = ").Value("").Sql(" and ");
        PredicateSql.Append(sql, open, "t", type, TermAccess.Filter);
        return new KeyedStatement(sql);
    }
}
