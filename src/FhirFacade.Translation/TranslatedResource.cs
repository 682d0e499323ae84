using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FhirFacade.Translation;

/// <summary>One resource that a message made.</summary>
public sealed record TranslatedResource
{
    private readonly Building.JsonObject _built;
    private JsonObject? _content;

    internal TranslatedResource(string type, string id, Building.JsonObject built, TranslationMode mode)
    {
        (Type, Id, Mode) = (type, id, mode);
        _built = built;
    }

    /// <summary>The resource type.</summary>
    public string Type { get; }

    /// <summary>The logical id, made from the business key; the same key gives the same id for ever.</summary>
    public string Id { get; }

    /// <summary>How it meets the stored version.</summary>
    public TranslationMode Mode { get; }

    /// <summary>
    /// The resource. In mode <see cref="TranslationMode.Merge"/> a top-level property, or a Period's start or end, may be JSON null: what the
    /// message deletes. Made when first asked for.
    /// </summary>
    public JsonObject Content => LazyInitializer.EnsureInitialized(ref _content, _built.ToObject);

    /// <summary>
    /// Top-level elements of <see cref="Content"/> that the message did not say and that only stand there because R4 requires them
    /// (a status of <c>unknown</c> and the like). Where the stored version has the element, the stored one should stay.
    /// </summary>
    public ImmutableArray<string> Presumed { get; init; } = [];

    /// <summary>Items of lists that the message removes, the others staying: <c>extension/url</c>, or in a Patient <c>link/Patient/id</c>.</summary>
    public ImmutableArray<string> Removes { get; init; } = [];

    /// <summary>
    /// When the event happened that the message tells of (EVN-2, else MSH-7): what a later event said of an element stays. Null if the message does
    /// not say, if the feed wants its messages to count when they come, and for what is named in passing: then the time of arrival counts.
    /// </summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>True of what messages merely mention: practitioners, organisations and places, but in master files and bed states.</summary>
    public bool IsNamedInPassing { get; init; }

    /// <summary>True of what belongs to this message alone and meets no other: MessageHeader and Provenance.</summary>
    public bool IsOfMessage => Type is "MessageHeader" or "Provenance";

    /// <summary><c>Type/Id</c>.</summary>
    public string Reference => $"{Type}/{Id}";

    /// <summary>
    /// The same resource as UTF-8 JSON, deletions included, without more escapes than JSON asks for: as it was translated, whatever has been done to
    /// <see cref="Content"/> since.
    /// </summary>
    public byte[] ToBytes() => Building.JsonBytes.Of(_built);
}
