using System.Text.Json;

namespace FhirFacade.Fhir.FhirPath;

/// <summary>What an evaluation may know beyond the resource. Everything is optional.</summary>
public sealed record FhirPathContext
{
    /// <summary>Nothing beyond the resource.</summary>
    public static FhirPathContext None { get; } = new();

    /// <summary>
    /// <c>%rootResource</c>: the resource that contains the one evaluated, if that is a contained one. Its contained resources
    /// are what <c>#id</c> refers to.
    /// </summary>
    public JsonElement? RootResource { get; init; }

    /// <summary>The moment of <c>now()</c>, <c>today()</c> and <c>timeOfDay()</c>; the clock's where null.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Finds the resource that a reference names, for <c>resolve()</c>; null where it is not found.</summary>
    public Func<string, JsonElement?>? Resolve { get; init; }

    /// <summary>
    /// Whether a code is in a value set, for <c>memberOf()</c>: value set, system, code; null where that is not known. Where this is
    /// null, R4's own terminology answers.
    /// </summary>
    public Func<string, string?, string, bool?>? MemberOf { get; init; }

    /// <summary>
    /// Whether the first of two codes of a system is the second or stands above it, for <c>subsumes()</c> and <c>subsumedBy()</c>; null
    /// where that is not known. Where this is null, R4's own terminology answers.
    /// </summary>
    public Func<string, string, string, bool?>? Subsumes { get; init; }

    /// <summary>Whether an element is of a slice, for <c>slice()</c>: url of the profile, name of the slice; null where there is no such slice.</summary>
    public Func<FhirPathValue, string, string, bool?>? IsInSlice { get; init; }

    /// <summary>Whether a resource conforms to a profile, for <c>conformsTo()</c>; null where the profile is not known.</summary>
    public Func<JsonElement, string, bool?>? ConformsTo { get; init; }

    /// <summary>Receives what <c>trace()</c> shows: its name and the values.</summary>
    public Action<string, IReadOnlyList<FhirPathValue>>? Trace { get; init; }

    /// <summary>Further constants: <c>%name</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FhirPathValue>>? Variables { get; init; }
}
