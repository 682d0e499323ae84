using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>
/// The compiled search parameters of one resource type. Nearly all of their expressions start with an element of the
/// resource; these wait under the element's JSON names, so that one walk over the resource's properties runs just those
/// that have something to find. The others run over the whole resource.
/// </summary>
internal sealed class TypeIndexer
{
    private const int LongestName = 64;
    private readonly ModelType? type;
    private readonly ImmutableArray<ParameterIndexer> parameters;
    private readonly ImmutableArray<Branch> wholes;
    private readonly ImmutableArray<Start> starts;
    private readonly FrozenDictionary<string, (int Start, ModelVariant Variant)>.AlternateLookup<ReadOnlySpan<char>> startsByName;

    /// <summary>Compiles the parameters that the set has for the type.</summary>
    public TypeIndexer(string resourceType, SearchParameterSet set)
    {
        type = ModelType.Find(resourceType);
        var active = set.For(resourceType).Where(p => p.Expression.Length > 0).ToList();
        parameters = [.. active.Select(p => ParameterIndexer.Of(p, set))];
        var branches = active.SelectMany((p, number) => ExpressionBranch.Of(resourceType, Parser.Parse(p.Expression))
            .Select(branch => (Element: Element(branch), Branch: new Branch(number, parameters[number], Compile(branch, Element(branch))))))
            .ToList();
        wholes = [.. branches.Where(b => b.Element is null).Select(b => b.Branch)];
        starts = [.. branches.Where(b => b.Element is not null).GroupBy(b => b.Element!).Select(g => new Start(g.Key, [.. g.Select(b => b.Branch)]))];
        startsByName = starts
            .SelectMany((start, number) => start.Element.Variants.SelectMany(variant => new[]
            {
                KeyValuePair.Create(Encoding.UTF8.GetString(variant.Name), (number, variant)),
                KeyValuePair.Create(Encoding.UTF8.GetString(variant.ShadowName), (number, variant)),
            }))
            .ToFrozenDictionary(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public void Extract(JsonElement resource, IndexValueList values)
    {
        if (resource.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var scope = ScopeOf(resource);
        var root = scope.This;
        foreach (var branch in wholes)
        {
            branch.Run(scope, values);
        }

        Span<bool> done = stackalloc bool[starts.Length];
        Span<char> name = stackalloc char[LongestName];
        foreach (var property in resource.EnumerateObject())
        {
            var utf8 = JsonMarshal.GetRawUtf8PropertyName(property);
            if (utf8.Length > LongestName || Ascii.ToUtf16(utf8, name, out var length) != System.Buffers.OperationStatus.Done
                || !startsByName.TryGetValue(name[..length], out var found) || done[found.Start])
            {
                continue;
            }

            var start = starts[found.Start];
            var isWhole = start.Element.IsChoice || scope.State.HasShadows;
            done[found.Start] = isWhole;
            scope.This = isWhole ? start.Of(root[0], scope.State) : Children.Of(property.Value, found.Variant);
            foreach (var branch in start.Branches)
            {
                branch.Run(scope, values);
            }
        }
    }

    public void Extract(JsonElement resource, string parameterCode, IndexValueList values)
    {
        var scope = ScopeOf(resource);
        foreach (var (branch, focus) in BranchesOf(resource, scope, code => code == parameterCode))
        {
            scope.This = focus;
            branch.Run(scope, values);
        }
    }

    /// <summary>The Reference objects that the parameters find.</summary>
    public IEnumerable<JsonElement> References(JsonElement resource, ImmutableArray<string> parameterCodes)
    {
        var scope = ScopeOf(resource);
        foreach (var (branch, focus) in BranchesOf(resource, scope, code => parameterCodes.Contains(code)))
        {
            scope.This = focus;
            var found = branch.Rest.Evaluate(scope);
            for (var i = 0; i < found.Count; i++)
            {
                yield return found[i].Json;
            }
        }
    }

    private IEnumerable<(Branch Branch, Collection Focus)> BranchesOf(JsonElement resource, Scope scope, Func<string, bool> wanted)
    {
        if (resource.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        var root = scope.This;
        foreach (var branch in wholes)
        {
            if (wanted(branch.Parameter.Code))
            {
                yield return (branch, root);
            }
        }

        foreach (var start in starts)
        {
            foreach (var branch in start.Branches)
            {
                if (wanted(branch.Parameter.Code))
                {
                    yield return (branch, start.Of(root[0], scope.State));
                }
            }
        }
    }

    private ModelElement? Element(ExpressionBranch branch) => branch.FirstElement is { } name ? type?.Element(name) : null;

    private static Node Compile(ExpressionBranch branch, ModelElement? element) => new Compiler(FhirPathDialect.Search).Compile(
        branch.FirstElement is not null && element is null ? new EmptySet(0) : branch.Rest);

    private Scope ScopeOf(JsonElement resource)
    {
        var state = new EvaluationState(new Item(resource, type), FhirPathContext.None);
        return new Scope(state) { This = new Collection(state.Root) };
    }

    private sealed record Branch(int Number, ParameterIndexer Parameter, Node Rest)
    {
        public void Run(Scope scope, IndexValueList values)
        {
            values.For(Number);
            try
            {
                Parameter.Add(Rest.Evaluate(scope), scope, values);
            }
            catch (FhirPathEvaluationException)
            {
                // A site's own expression may be an error for this resource (FHIRPath's single(), say). It finds nothing in it.
            }
        }
    }

    private sealed record Start(ModelElement Element, ImmutableArray<Branch> Branches)
    {
        public Collection Of(in Item root, EvaluationState state)
        {
            var found = new CollectionBuilder();
            Children.Add(root, Element, state, ref found);
            return found.ToCollection();
        }
    }
}
