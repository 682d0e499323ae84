using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.Narrative;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class FhirFunctions
{
    private const string BaseDefinitions = "http://hl7.org/fhir/StructureDefinition/";
    private static readonly ChildNode extensions = new(new ThisNode(), "extension");

    public static Collection Extension(in Collection input, Node[] arguments, Scope scope)
    {
        var url = Singletons.String(arguments[0].Evaluate(scope));
        var found = new CollectionBuilder();
        if (url is null || input.IsEmpty)
        {
            return Collection.Empty;
        }

        var nested = scope.Nested();
        nested.This = input;
        var all = extensions.Evaluate(nested);
        for (var i = 0; i < all.Count; i++)
        {
            var json = all[i].Json;
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("url"u8, out var its)
                && its.IsText(url))
            {
                found.Add(all[i]);
            }
        }

        return found.ToCollection();
    }

    public static Collection HasValue(in Collection input, Node[] arguments, Scope scope) => new(input.Count == 1 && HasValue(input[0]));

    public static Collection GetValue(in Collection input, Node[] arguments, Scope scope) =>
        input.Count == 1 && HasValue(input[0]) ? Collection.Of(input[0].ToSystem()) : Collection.Empty;

    public static Collection ConformsTo(in Collection input, Node[] arguments, Scope scope)
    {
        if (input.IsEmpty || Singletons.String(arguments[0].Evaluate(scope)) is not { } url)
        {
            return Collection.Empty;
        }

        if (input.Count > 1)
        {
            throw Singletons.Several();
        }

        var type = url.StartsWith(BaseDefinitions, StringComparison.Ordinal) ? ModelType.Find(url[BaseDefinitions.Length..]) : null;
        return new Collection(type is not null
            ? input[0].Type?.IsA(type) == true
            : scope.State.Context.ConformsTo?.Invoke(input[0].Json, url) ?? throw new FhirPathEvaluationException("The profile to conform to is not known."));
    }

    /// <summary>The items that are of a slice of a profile; none where profile or slice is not known.</summary>
    public static Collection Slice(in Collection input, Node[] arguments, Scope scope)
    {
        if (Singletons.String(arguments[0].Evaluate(scope)) is not { } structure || Singletons.String(arguments[1].Evaluate(scope)) is not { } name
            || scope.State.Context.IsInSlice is not { } isInSlice)
        {
            return Collection.Empty;
        }

        var kept = new CollectionBuilder();
        foreach (var value in FhirPathValue.From(input))
        {
            scope.State.Step();
            if (isInSlice(value, structure, name) == true)
            {
                kept.Add(value.Item);
            }
        }

        return kept.ToCollection();
    }

    /// <summary>The input, unless an item has a modifier extension that is not among the urls given (each argument one, or several with commas).</summary>
    public static Collection CheckModifiers(in Collection input, Node[] arguments, Scope scope)
    {
        var known = arguments.SelectMany(argument => (Singletons.String(argument.Evaluate(scope)) ?? "").Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < input.Count; i++)
        {
            var json = input[i].Json;
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("modifierExtension"u8, out var modifiers) || modifiers.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var modifier in modifiers.EnumerateArray())
            {
                if (modifier.ValueKind != JsonValueKind.Object || !modifier.TryGetProperty("url"u8, out var url) || url.TryGetText() is not { } text || !known.Contains(text))
                {
                    throw new FhirPathEvaluationException("There is a modifier extension that the expression does not know.");
                }
            }
        }

        return input;
    }

    /// <summary>Whether a narrative keeps the rules of narrative.</summary>
    public static Collection HtmlChecks(in Collection input, Node[] arguments, Scope scope) => Singletons.String(input) is { } html
        ? new Collection(NarrativeXhtml.Fault(html) is null)
        : Collection.Empty;

    private static bool HasValue(in Item item) =>
        item.IsComputed || (item.Type is { IsPrimitive: true } && item.Json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null));
}
