using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>Which references an <c>_include</c> or <c>_revinclude</c> follows.</summary>
internal static class IncludedReferences
{
    /// <summary>What the resources refer to, each once.</summary>
    public static IReadOnlyCollection<(string Type, string Id)> From(Include include, IReadOnlyList<StoredResource> resources)
    {
        var found = new HashSet<(string Type, string Id)>();
        foreach (var resource in resources.Where(r => include.SourceType is null || r.Type == include.SourceType))
        {
            using var document = JsonDocument.Parse(resource.Doc);
            foreach (var extractor in Extractors(include, resource.Type))
            {
                foreach (var reference in extractor.Extract(document.RootElement))
                {
                    if ((include.TargetType is null || reference.TargetType == include.TargetType) && ResourceTables.Has(reference.TargetType))
                    {
                        found.Add((reference.TargetType, reference.TargetId));
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The terms of the references that point to the resources; none of references that are hidden.</summary>
    public static IReadOnlyCollection<long> TermsTo(Include include, IReadOnlyList<StoredResource> resources, ElementMask hidden)
    {
        var terms = new HashSet<long>();
        foreach (var parameter in Parameters(include).Where(p => !MaskedParameters.Tells(include.SourceType!, p, hidden)))
        {
            foreach (var resource in resources.Where(r => (include.TargetType is null || r.Type == include.TargetType) && parameter.Targets.Contains(r.Type)))
            {
                terms.Add(Terms.Reference(parameter.Code, resource.Type, resource.Id));
            }
        }

        return terms;
    }

    private static IEnumerable<ReferenceExtractor> Extractors(Include include, string type)
    {
        var codes = include.Reference is { } one ? [one.Code] : References(type).Select(p => p.Code);
        return codes.Select(code => ReferenceExtractor.For(type, code)).OfType<ReferenceExtractor>();
    }

    private static IEnumerable<SearchParameter> Parameters(Include include) => include switch
    {
        { Reference: { } one } => [one],
        { SourceType: { } source } => References(source),
        _ => [],
    };

    private static IEnumerable<SearchParameter> References(string type) =>
        SearchParameterSet.Served.For(type).Where(p => p.Type == SearchParameterType.Reference);
}
