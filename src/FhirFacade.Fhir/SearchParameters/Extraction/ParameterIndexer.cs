using System.Collections.Immutable;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;
using FhirFacade.Fhir.SearchParameters.Values;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>One search parameter of one resource type, compiled.</summary>
internal abstract class ParameterIndexer(string code, Node node)
{
    public string Code => code;

    public static ParameterIndexer Of(SearchParameter parameter, string resourceType, SearchParameterSet set)
    {
        var node = Compile(ExpressionBranches.For(resourceType, Parser.Parse(parameter.Expression)));
        return parameter.Type == SearchParameterType.Composite
            ? new CompositeIndexer(parameter.Code, node, [.. parameter.Components.Select(c => Component(c, set))])
            : new SimpleIndexer(parameter.Code, node, parameter.Type);
    }

    /// <summary>What the expression finds, before it becomes index values.</summary>
    public Collection Find(Scope scope) => node.Evaluate(scope);

    public abstract void Extract(Scope scope, IndexValueList values);

    private static SimpleIndexer Component(CompositeComponent component, SearchParameterSet set) =>
        set.FindByUrl(component.Definition) is { } definition
            ? new SimpleIndexer(definition.Code, Compile(Parser.Parse(component.Expression)), definition.Type)
            : throw new InvalidOperationException($"A composite names the unknown search parameter {component.Definition}.");

    private static Node Compile(Expression expression) => new Compiler(Dialect.Search).Compile(expression);
}

internal sealed class SimpleIndexer(string code, Node node, SearchParameterType type) : ParameterIndexer(code, node)
{
    public override void Extract(Scope scope, IndexValueList values)
    {
        var found = Find(scope);
        for (var i = 0; i < found.Count; i++)
        {
            ref readonly var item = ref found[i];
            switch (type)
            {
                case SearchParameterType.Token:
                    Tokens.Add(Code, item, values);
                    break;
                case SearchParameterType.Reference:
                    Links.AddReference(Code, item, values);
                    break;
                case SearchParameterType.Date:
                    Dates.Add(Code, item, values);
                    break;
                case SearchParameterType.String:
                    Texts.Add(Code, item, values);
                    break;
                case SearchParameterType.Quantity:
                    Quantities.AddQuantity(Code, item, values);
                    break;
                case SearchParameterType.Number:
                    Quantities.AddNumber(Code, item, values);
                    break;
                case SearchParameterType.Uri:
                    Links.AddUri(Code, item, values);
                    break;
            }
        }
    }
}

/// <summary>Every combination of what the components find in one element.</summary>
internal sealed class CompositeIndexer(string code, Node node, SimpleIndexer[] components) : ParameterIndexer(code, node)
{
    private const int MostCombinations = 256;

    public override void Extract(Scope scope, IndexValueList values)
    {
        var found = Find(scope);
        if (found.IsEmpty)
        {
            return;
        }

        var nested = scope.Nested();
        for (var i = 0; i < found.Count; i++)
        {
            nested.This = new Collection(found[i]);
            AddCombinations(nested, values);
        }
    }

    private void AddCombinations(Scope scope, IndexValueList values)
    {
        var parts = new ImmutableArray<IndexValue>[components.Length];
        var combinations = 1;
        for (var c = 0; c < components.Length; c++)
        {
            var list = new IndexValueList();
            components[c].Extract(scope, list);
            parts[c] = list.ToImmutable();
            combinations = Math.Min(combinations * parts[c].Length, MostCombinations);
            if (combinations == 0)
            {
                return;
            }
        }

        for (var combination = 0; combination < combinations; combination++)
        {
            var chosen = ImmutableArray.CreateBuilder<IndexValue>(parts.Length);
            var rest = combination;
            foreach (var part in parts)
            {
                chosen.Add(part[rest % part.Length]);
                rest /= part.Length;
            }

            values.Add(new CompositeValue(Code, chosen.MoveToImmutable()));
        }
    }
}
