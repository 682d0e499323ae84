using System.Collections.Immutable;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>A resource while the message is walked.</summary>
internal sealed class ResourceDraft
{
    // Properties of an Observation; most have fewer.
    private const int Expected = 11;

    private readonly JsonValue _reference;
    private List<string>? _presumed;
    private List<string>? _removes;

    public ResourceDraft(string type, string id, TranslationMode mode, string source)
    {
        Type = type;
        Id = id;
        Mode = mode;
        _reference = new JsonValue($"{type}/{id}");
        Content = new JsonObject(Expected)
        {
            ["resourceType"] = type,
            ["id"] = id,
            ["meta"] = new JsonObject { ["source"] = source },
        };
    }

    public string Type { get; }

    public string Id { get; }

    public TranslationMode Mode { get; set; }

    public JsonObject Content { get; }

    /// <summary>When what it says came to be so, where the resource knows better than the message.</summary>
    public DateTimeOffset? Time { get; set; }

    /// <summary>A new Reference to it.</summary>
    public JsonObject Reference(JsonNode? display = null)
    {
        var reference = new JsonObject { ["reference"] = _reference };
        if (display is not null)
        {
            reference["display"] = display;
        }

        return reference;
    }

    /// <summary>Sets an element that R4 requires and the message did not say, unless it is there.</summary>
    public void Presume(string element, JsonNode value)
    {
        if (Content[element] is null)
        {
            Content[element] = value;
            Presumed(element);
        }
    }

    /// <summary>Marks an element as one that a stored version knows better.</summary>
    public void Presumed(string element) => (_presumed ??= []).Add(element);

    /// <summary>True if the message only presumes the element.</summary>
    public bool IsPresumed(string element) => _presumed?.Contains(element) == true;

    /// <summary>The element is said after all, not only presumed.</summary>
    public void Say(string element) => _presumed?.Remove(element);

    /// <summary>Marks an item of a list as one that goes: <c>extension/url</c>, <c>link/Patient/id</c>.</summary>
    public void Remove(string item) => (_removes ??= []).Add(item);

    /// <param name="time">Of the event; null if the message does not say.</param>
    /// <param name="isNamedInPassing">The message is not about it.</param>
    public TranslatedResource Finish(DateTimeOffset? time, bool isNamedInPassing) => new(Type, Id, Content, Mode)
    {
        IsNamedInPassing = isNamedInPassing,
        Presumed = _presumed is null ? [] : [.. _presumed],
        Removes = _removes is null ? [] : [.. _removes],
        Time = time is null || isNamedInPassing || Type is "MessageHeader" or "Provenance" ? null : Time ?? time,
    };
}
