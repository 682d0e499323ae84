using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Parse;
using Microsoft.AspNetCore.Http;
using Definition = FhirFacade.Fhir.Compartments.Compartment;

namespace FhirFacade.Server.Rest;

/// <summary>What the address of a search names: a type, everything, or a compartment (R4 http.html, search).</summary>
/// <param name="Path">Relative to the base, with a leading stroke; empty for everything.</param>
/// <param name="Type">The one type searched; null for several.</param>
/// <param name="Compartment">The type and id of the compartment; null for all resources.</param>
internal sealed record SearchAddress(string Path, string? Type, (string Type, string Id)? Compartment)
{
    /// <summary>Every type at once: <c>[base]</c>.</summary>
    public static SearchAddress System { get; } = new("", null, null);

    /// <summary>The parameter that names the types of a search of several.</summary>
    public const string TypeParameter = "_type";

    /// <summary>The address in the path of a request: <c>{type}</c>, <c>{type}/{id}</c> or <c>{type}/{id}/{inner}</c>.</summary>
    public static SearchAddress Of(HttpContext http)
    {
        var values = http.Request.RouteValues;
        return (values["type"], values["id"], values["inner"]) switch
        {
            (null, _, _) => System,
            (string type, null, _) => new($"/{type}", type, null),
            (string type, string id, null or "*") => new($"/{type}/{id}/*", null, (type, id)),
            (string type, string id, string inner) => new($"/{type}/{id}/{inner}", inner, (type, id)),
            _ => throw new InvalidOperationException("a route value is no text"),
        };
    }

    /// <summary>404 for what no address of a search names, 403 for a type of which the grant opens nothing, else null.</summary>
    public Refusal? Refuse(AccessGrant grant)
    {
        if (Compartment is { } compartment
            && (Definition.Of(compartment.Type) is null || !Address.IsId(compartment.Id) || (Type is not null && !ResourceTables.Has(Type))))
        {
            return Refusal.NoRoute();
        }
        if (Type is null)
        {
            return null;
        }
        return Address.Refuse(Type, grant, Interactions.Search)
            ?? (Compartment is not null && Within(Type) is null ? Refusal.One(StatusCodes.Status404NotFound, IssueType.NotSupported, "no resource of this type is in such a compartment") : null);
    }

    /// <summary>The types to search by <c>_type</c>; without it all that the address can mean and the grant opens.</summary>
    public (ImmutableArray<string> Types, Refusal? Refusal) TypesOf(IReadOnlyList<KeyValuePair<string, string>> parameters, AccessGrant grant)
    {
        IEnumerable<string> all = Compartment is { } compartment ? Definition.Of(compartment.Type)!.ResourceTypes.Where(ResourceTables.Has) : ResourceTables.Types.Order(StringComparer.Ordinal);
        var named = parameters.Where(p => p.Key == TypeParameter).Select(p => p.Value.Split(',')).ToList();
        if (named.SelectMany(types => types).Any(type => !ResourceTables.Has(type)))
        {
            return ([], new Refusal(StatusCodes.Status400BadRequest, [Issue.Error(IssueType.Value, "_type: names something that is no type of resource", TypeParameter)]));
        }
        ImmutableArray<string> wanted = [.. all.Where(type => named.All(types => types.Contains(type)))];
        ImmutableArray<string> open = [.. wanted.Where(type => grant.For(type, Interactions.Search, Enforcement.All) is not TypeAccess.Denied)];
        return wanted.IsEmpty ? ([], new Refusal(StatusCodes.Status400BadRequest, [Issue.Error(IssueType.Value, "_type: names no type that is searched here", TypeParameter)]))
            : open.IsEmpty ? ([], Refusal.Forbidden(named.Count == 0 ? "anything" : "these types", "search"))
            : (open, null);
    }

    /// <summary>The condition that a resource of the type is in the compartment; null where the address names none.</summary>
    public Criterion.OfCompartment? Within(string type)
    {
        if (Compartment is not { } compartment || Definition.Of(compartment.Type) is not { } definition || !definition.Contains(type))
        {
            return null;
        }
        // R4's own parameters: none of a site's can put a resource into a compartment.
        var links = definition.LinkingParameters(type).Select(code => SearchParameterSet.R4.Find(type, code)).OfType<SearchParameter>();
        return new Criterion.OfCompartment(compartment.Type, compartment.Id, [.. links.Where(p => p.Type == SearchParameterType.Reference)], type == compartment.Type);
    }
}
