using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary><c>memberOf()</c>, <c>subsumes()</c> and <c>subsumedBy()</c>: https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class CodeFunctions
{
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

        bool? known = false;
        foreach (var (system, code) in Codes(item))
        {
            known |= code is null ? false : IsMember(scope, valueSet, system, code);
        }

        return Collection.Of(known);
    }

    /// <summary>Whether a code of the input is one of the argument's or stands above it.</summary>
    public static Collection Subsumes(in Collection input, Node[] arguments, Scope scope) => Relate(input, arguments[0].Evaluate(scope), scope);

    /// <summary>Whether a code of the input is one of the argument's or lies below it.</summary>
    public static Collection SubsumedBy(in Collection input, Node[] arguments, Scope scope) => Relate(arguments[0].Evaluate(scope), input, scope);

    private static Collection Relate(in Collection above, in Collection below, Scope scope)
    {
        if (above.IsEmpty || below.IsEmpty)
        {
            return Collection.Empty;
        }

        if (above.Count > 1 || below.Count > 1)
        {
            throw Singletons.Several();
        }

        bool? known = false;
        var lower = Codes(below[0]).ToList();
        foreach (var (system, code) in Codes(above[0]))
        {
            foreach (var its in lower)
            {
                scope.State.Step();
                known |= system is null || code is null || its.Code is null || its.System != system ? false : IsAbove(scope, system, code, its.Code);
            }
        }

        return Collection.Of(known);
    }

    private static bool? IsAbove(Scope scope, string system, string code, string below) =>
        scope.State.Context.Subsumes is { } subsumes ? subsumes(system, code, below)
        : TerminologySet.R4.Subsumes(system, code, below) is { } outcome ? outcome is Subsumption.Equivalent or Subsumption.Subsumes
        : null;

    private static bool? IsMember(Scope scope, string valueSet, string? system, string code) => scope.State.Context.MemberOf is { } memberOf
        ? memberOf(valueSet, system, code)
        : TerminologySet.R4.Contains(valueSet, system, code);

    /// <summary>The codings of a CodeableConcept, or the one that a Coding is.</summary>
    private static List<(string? System, string? Code)> Codes(in Item item)
    {
        var json = item.Json;
        return json.ValueKind != JsonValueKind.Object ? []
            : !json.TryGetProperty("coding"u8, out var codings) || codings.ValueKind != JsonValueKind.Array ? [Coding(json)]
            : [.. codings.EnumerateArray().Select(Coding)];
    }

    private static (string? System, string? Code) Coding(JsonElement json) => (Text(json, "system"u8), Text(json, "code"u8));

    private static string? Text(JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.TryGetText() : null;
}
