using FhirFacade.Fhir.FhirPath.Syntax;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>A type name of an expression, bound to the types that it may mean.</summary>
internal sealed class TypeTest
{
    private readonly ModelType? fhir;
    private readonly string? system;
    private readonly SystemKind looseKind;

    /// <param name="type">The name as written.</param>
    /// <param name="loose">Also take a FHIR primitive for the system type that it converts to.</param>
    /// <exception cref="FhirPathSyntaxException">There is no such type.</exception>
    public TypeTest(TypeSpecifier type, bool loose)
    {
        fhir = type.Namespace is null or "FHIR" ? ModelType.Find(type.Name) : null;
        system = type.Namespace is null or "System" && IsSystemType(type.Name) ? type.Name : null;
        looseKind = loose && fhir is null && system is not null && Enum.TryParse<SystemKind>(system, out var kind) ? kind : SystemKind.None;
        if (fhir is null && system is null && type.Namespace is not ("System" or "FHIR"))
        {
            throw new FhirPathSyntaxException("there is no such type", type.Position);
        }
    }

    /// <summary><c>is</c>: the type itself or one that specialises it.</summary>
    public bool Is(in Item item) =>
        item.Type is { } type ? (fhir is not null && type.IsA(fhir)) || (looseKind != SystemKind.None && type.Kind == looseKind)
        : item.IsComputed && system is not null && SystemName(item.Computed!) == system;

    /// <summary><c>as</c>, <c>ofType</c>: for primitives the very type, since a code is not given out as a string.</summary>
    public bool Selects(in Item item) => Is(item) && (item.Type is not { IsPrimitive: true } || looseKind != SystemKind.None || ReferenceEquals(item.Type, fhir));

    public static string SystemName(object computed) => computed switch
    {
        bool => "Boolean",
        int => "Integer",
        long => "Long",
        decimal => "Decimal",
        string => "String",
        Quantity => "Quantity",
        PartialDateTime { Kind: TemporalKind.Date } => "Date",
        PartialDateTime { Kind: TemporalKind.DateTime } => "DateTime",
        PartialDateTime => "Time",
        _ => "Any",
    };

    private static bool IsSystemType(string name) =>
        name is "Boolean" or "Integer" or "Long" or "Decimal" or "String" or "Quantity" or "Date" or "DateTime" or "Time" or "Any";
}

/// <summary><c>is</c></summary>
internal sealed class IsNode(Node source, TypeTest type) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        var input = source.Evaluate(scope);
        return input.Count switch
        {
            0 => Collection.Empty,
            1 => new Collection(type.Is(input[0])),
            _ => throw Singletons.Several(),
        };
    }
}

/// <summary><c>ofType</c>, and <c>as</c>, which wants a single item.</summary>
internal sealed class OfTypeNode(Node source, TypeTest type, bool single) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        var input = source.Evaluate(scope);
        if (single && input.Count > 1)
        {
            throw Singletons.Several();
        }

        if (input.Count == 1)
        {
            return type.Selects(input[0]) ? input : Collection.Empty;
        }

        var selected = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            if (type.Selects(input[i]))
            {
                selected.Add(input[i]);
            }
        }

        return selected.ToCollection();
    }
}
