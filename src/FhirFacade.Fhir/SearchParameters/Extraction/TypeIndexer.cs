using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>The compiled search parameters of one resource type.</summary>
internal sealed class TypeIndexer
{
    private static readonly ConcurrentDictionary<string, TypeIndexer> r4 = new(StringComparer.Ordinal);
    private readonly ModelType? type;
    private readonly ParameterIndexer[] parameters;

    private TypeIndexer(string resourceType, SearchParameterSet set)
    {
        type = ModelType.Find(resourceType);
        parameters = [.. set.For(resourceType).Where(p => p.Expression.Length > 0).Select(p => ParameterIndexer.Of(p, resourceType, set))];
    }

    /// <summary>The indexer of an R4 type; one without parameters for any other name.</summary>
    public static TypeIndexer R4(string resourceType) =>
        r4.TryGetValue(resourceType, out var known) ? known
        : Definitions.R4.Definitions.IsResourceType(resourceType) ? r4.GetOrAdd(resourceType, static type => new TypeIndexer(type, SearchParameterSet.R4))
        : new TypeIndexer(resourceType, SearchParameterSet.R4);

    public void Extract(JsonElement resource, IndexValueList values)
    {
        if (resource.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var scope = ScopeOf(resource);
        foreach (var parameter in parameters)
        {
            values.NextParameter();
            parameter.Extract(scope, values);
        }
    }

    public void Extract(JsonElement resource, string parameterCode, IndexValueList values)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.Code == parameterCode && resource.ValueKind == JsonValueKind.Object)
            {
                parameter.Extract(ScopeOf(resource), values);
            }
        }
    }

    /// <summary>The Reference objects that the parameters find.</summary>
    public IEnumerable<JsonElement> References(JsonElement resource, ImmutableArray<string> parameterCodes)
    {
        var scope = ScopeOf(resource);
        foreach (var parameter in parameters)
        {
            if (parameterCodes.Contains(parameter.Code))
            {
                var found = parameter.Find(scope);
                for (var i = 0; i < found.Count; i++)
                {
                    yield return found[i].Json;
                }
            }
        }
    }

    private Scope ScopeOf(JsonElement resource)
    {
        var state = new EvaluationState(new Item(resource, type), FhirPath.FhirPathContext.None);
        return new Scope(state) { This = new Collection(state.Root) };
    }
}
