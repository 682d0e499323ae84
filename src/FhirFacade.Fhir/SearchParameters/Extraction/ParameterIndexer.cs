using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;
using FhirFacade.Fhir.SearchParameters.Values;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>Makes the index values of one search parameter from what its expression has found.</summary>
internal abstract class ParameterIndexer(string code)
{
    public string Code => code;

    public static ParameterIndexer Of(SearchParameter parameter, SearchParameterSet set) => parameter.Type == SearchParameterType.Composite
        ? new CompositeIndexer(parameter.Code, [.. parameter.Components.Select(component => ComponentIndexer.Of(component, set))])
        : new SimpleIndexer(parameter.Code, parameter.Type);

    public abstract void Add(in Collection found, Scope scope, IndexValueList values);
}

internal sealed class SimpleIndexer(string code, SearchParameterType type) : ParameterIndexer(code)
{
    public override void Add(in Collection found, Scope scope, IndexValueList values)
    {
        for (var i = 0; i < found.Count; i++)
        {
            Add(found[i], values);
        }
    }

    private void Add(in Item item, IndexValueList values)
    {
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
            case SearchParameterType.Special:
                Positions.Add(Code, item, values);
                break;
        }
    }
}

/// <summary>One component of a composite: its expression, relative to the element, and how its values are read.</summary>
internal sealed class ComponentIndexer(Node node, SimpleIndexer indexer)
{
    public static ComponentIndexer Of(CompositeComponent component, SearchParameterSet set)
    {
        var definition = set.FindByUrl(JsonReading.WithoutVersion(component.Definition))
            ?? throw new InvalidOperationException($"A composite names the unknown search parameter {component.Definition}.");
        return new ComponentIndexer(
            new Compiler(FhirPathDialect.Search).Compile(Parser.Parse(component.Expression)),
            new SimpleIndexer(definition.Code, definition.Type));
    }

    public void Extract(Scope scope, IndexValueList values) => indexer.Add(node.Evaluate(scope), scope, values);
}

/// <summary>Every combination of what the components find in one element.</summary>
internal sealed class CompositeIndexer(string code, ComponentIndexer[] components) : ParameterIndexer(code)
{
    private const int MostCombinations = 256;

    public override void Add(in Collection found, Scope scope, IndexValueList values)
    {
        if (found.IsEmpty)
        {
            return;
        }

        var nested = scope.Lend();
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

        // The last component is the value, which is missing more often than the code.
        for (var c = components.Length - 1; c >= 0; c--)
        {
            parts[c] = values.Apart((components[c], scope), static (argument, list) => argument.Item1.Extract(argument.scope, list));
            combinations = Math.Min(combinations * parts[c].Length, MostCombinations);
            if (combinations == 0)
            {
                return;
            }
        }

        for (var combination = 0; combination < combinations; combination++)
        {
            var chosen = new IndexValue[parts.Length];
            var rest = combination;
            for (var c = 0; c < parts.Length; c++)
            {
                chosen[c] = parts[c][rest % parts[c].Length];
                rest /= parts[c].Length;
            }

            values.Add(new CompositeValue(Code, ImmutableCollectionsMarshal.AsImmutableArray(chosen)));
        }
    }
}
