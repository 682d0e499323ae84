using System.Collections.Concurrent;
using System.Text;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>A FHIR type as evaluation needs it: names as UTF-8, types linked. One object a type, so that identity is equality.</summary>
internal sealed class ModelType
{
    private static readonly ConcurrentDictionary<string, ModelType?> known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ModelType?>.AlternateLookup<ReadOnlySpan<char>> knownBySpan = known.GetAlternateLookup<ReadOnlySpan<char>>();
    private const int LongestName = 64;
    private readonly TypeDefinition definition;
    private readonly ConcurrentDictionary<string, ModelElement?> elements = new(StringComparer.Ordinal);

    private ModelType(TypeDefinition definition)
    {
        this.definition = definition;
        Base = definition.BaseType is { } parent ? Find(parent) : null;
        Kind = Base is { Kind: not SystemKind.None and var inherited } ? inherited : KindOf(definition.Name);
        IsPrimitive = definition.Kind == TypeKind.Primitive;
        IsResource = definition.Kind == TypeKind.Resource;
    }

    public string Name => definition.Name;

    public ModelType? Base { get; }

    public SystemKind Kind { get; }

    public bool IsPrimitive { get; }

    public bool IsResource { get; }

    /// <summary>Whether instances say themselves which type they are (<c>resourceType</c>).</summary>
    public bool IsOpen => IsResource && definition.IsAbstract;

    public IEnumerable<ModelElement> Elements => definition.Elements.Select(element => Element(element.Name)!);

    /// <summary>The R4 type of this name; null where there is none.</summary>
    public static ModelType? Find(string name) => known.TryGetValue(name, out var type)
        ? type
        : R4.Definitions.Type(name) is { } definition ? known.GetOrAdd(name, new ModelType(definition))
        : null;

    /// <summary>The type that a resource says it is; null where it says none that is known.</summary>
    public static ModelType? OfResource(System.Text.Json.JsonElement resource) =>
        resource.ValueKind == System.Text.Json.JsonValueKind.Object
        && resource.TryGetProperty("resourceType"u8, out var name)
        && name.ValueKind == System.Text.Json.JsonValueKind.String
            ? Find(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(name)[1..^1])
            : null;

    /// <summary>As <see cref="Find(string)"/>, from UTF-8; without memory for a type met before.</summary>
    public static ModelType? Find(ReadOnlySpan<byte> utf8)
    {
        Span<char> name = stackalloc char[LongestName];
        return utf8.Length <= LongestName && Ascii.ToUtf16(utf8, name, out var length) == System.Buffers.OperationStatus.Done
            ? knownBySpan.TryGetValue(name[..length], out var type) ? type : Find(name[..length].ToString())
            : null;
    }

    public bool IsA(ModelType other)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (ReferenceEquals(type, other))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsA(string name)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (type.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The element of this FHIRPath name (<c>value</c>, not <c>valueQuantity</c>); null where the type has none.</summary>
    public ModelElement? Element(string name) => elements.TryGetValue(name, out var element) ? element
        : elements.GetOrAdd(name, definition.Element(name) is { } found && found.Name == name ? new ModelElement(found) : null);

    /// <summary>What a JSON property holds; null where the type has no such property.</summary>
    public (ModelElement Element, ModelType? Type)? Property(string jsonName) =>
        definition.TryMatch(jsonName, out var match) ? (Element(match.Element.Name)!, Find(match.TypeName)) : null;

    public override string ToString() => Name;

    private static SystemKind KindOf(string name) => name switch
    {
        "boolean" => SystemKind.Boolean,
        "integer" or "integer64" => SystemKind.Integer,
        "decimal" => SystemKind.Decimal,
        "string" or "uri" or "base64Binary" or "xhtml" => SystemKind.String,
        "date" => SystemKind.Date,
        "dateTime" or "instant" => SystemKind.DateTime,
        "time" => SystemKind.Time,
        "Quantity" => SystemKind.Quantity,
        _ => SystemKind.None,
    };
}

/// <summary>An element of a type: the JSON names it may have, with the type of each.</summary>
internal sealed class ModelElement
{
    private readonly Lazy<ModelVariant[]> variants;

    public ModelElement(ElementDefinition definition)
    {
        Definition = definition;
        Utf8Name = Encoding.UTF8.GetBytes(definition.Name);
        variants = new(() => definition.Types.IsEmpty
            ? [new ModelVariant(definition.Name, null)]
            : definition.IsChoice
                ? [.. TypeDefinition.JsonNamesOf(definition).Zip(definition.Types, (name, type) => new ModelVariant(name, ModelType.Find(type)))]
                : [new ModelVariant(definition.Name, ModelType.Find(definition.Types[0]))]);
    }

    public ElementDefinition Definition { get; }

    public string Name => Definition.Name;

    public byte[] Utf8Name { get; }

    public bool IsChoice => Definition.IsChoice;

    /// <summary>One for a plain element, one a type for a choice.</summary>
    public ModelVariant[] Variants => variants.Value;
}

/// <summary>One JSON name of an element; <c>ShadowName</c> is its <c>_name</c> form.</summary>
internal sealed class ModelVariant(string jsonName, ModelType? type)
{
    public byte[] Name { get; } = Encoding.UTF8.GetBytes(jsonName);

    public byte[] ShadowName { get; } = Encoding.UTF8.GetBytes("_" + jsonName);

    public ModelType? Type { get; } = type;
}
