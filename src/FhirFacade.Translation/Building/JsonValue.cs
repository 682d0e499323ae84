using Nodes = System.Text.Json.Nodes;

namespace FhirFacade.Translation.Building;

/// <summary>A text, a number or a boolean. Never changes.</summary>
internal sealed class JsonValue(object content) : JsonNode
{
    private static readonly JsonValue True = new(true);
    private static readonly JsonValue False = new(false);

    /// <summary>A string, an int, a decimal (digits as they were sent) or a bool.</summary>
    public object Content { get; } = content;

    public static JsonValue Create(string text) => new(text);

    public static JsonValue Create(int number) => new(number);

    public static JsonValue Create(decimal number) => new(number);

    public static JsonValue Create(bool value) => value ? True : False;

    public override JsonNode DeepClone() => this;

    public override Nodes.JsonNode ToNode() => Content switch
    {
        string text => Nodes.JsonValue.Create(text),
        int number => Nodes.JsonValue.Create(number),
        decimal number => Nodes.JsonValue.Create(number),
        bool value => Nodes.JsonValue.Create(value),
        _ => throw new InvalidOperationException("A value of a kind that JSON does not have."),
    };

    /// <summary>A text as it is, without quotes.</summary>
    public override string ToString() => Content as string ?? base.ToString();
}
