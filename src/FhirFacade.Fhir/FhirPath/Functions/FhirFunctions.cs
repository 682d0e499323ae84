using System.Text.Json;
using FhirFacade.Fhir.Definitions;
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

    public static Collection MemberOf(in Collection input, Node[] arguments, Scope scope)
    {
        if (input.IsEmpty || Singletons.String(arguments[0].Evaluate(scope)) is not { } valueSet)
        {
            return Collection.Empty;
        }

        if (input.Count > 1)
        {
            throw Singletons.Several();
        }

        ref readonly var item = ref input[0];
        if (item.Kind == SystemKind.String)
        {
            return item.ToSystem() is string code ? Collection.Of(IsMember(scope, valueSet, null, code)) : Collection.Empty;
        }

        if (item.Json.ValueKind != JsonValueKind.Object)
        {
            return Collection.Empty;
        }

        if (!item.Json.TryGetProperty("coding"u8, out var codings) || codings.ValueKind != JsonValueKind.Array)
        {
            return Collection.Of(IsMember(scope, valueSet, item.Json));
        }

        bool? known = false;
        foreach (var coding in codings.EnumerateArray())
        {
            known |= IsMember(scope, valueSet, coding);
        }

        return Collection.Of(known);
    }

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

    /// <summary>Whether a narrative keeps the rules of narrative.</summary>
    public static Collection HtmlChecks(in Collection input, Node[] arguments, Scope scope) => Singletons.String(input) is { } html
        ? new Collection(NarrativeXhtml.Fault(html) is null)
        : Collection.Empty;

    private static bool HasValue(in Item item) =>
        item.IsComputed || (item.Type is { IsPrimitive: true } && item.Json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null));

    private static bool? IsMember(Scope scope, string valueSet, JsonElement coding) =>
        coding.ValueKind == JsonValueKind.Object && coding.TryGetProperty("code"u8, out var code) && code.TryGetText() is { } text
            ? IsMember(scope, valueSet, coding.TryGetProperty("system"u8, out var system) ? system.TryGetText() : null, text)
            : false;

    private static bool? IsMember(Scope scope, string valueSet, string? system, string code)
    {
        if (scope.State.Context.MemberOf is { } memberOf)
        {
            return memberOf(valueSet, system, code);
        }

        var version = valueSet.IndexOf('|', StringComparison.Ordinal);
        var codes = R4.Definitions.ValueSet(version < 0 ? valueSet : valueSet[..version]);
        return codes is null ? null : system is null ? codes.Contains(code) : codes.Contains(system, code);
    }
}
