using System.Collections.Immutable;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>One value that a search parameter is compared with. A closed set: the records nested here.</summary>
public abstract record SearchValue
{
    private SearchValue()
    {
    }

    /// <summary><c>code</c>, <c>system|code</c>, <c>|code</c> or <c>system|</c>.</summary>
    /// <param name="AnySystem">There was no bar: the system does not matter.</param>
    /// <param name="System">The system before the bar; null where that was empty, or there was no bar.</param>
    /// <param name="Code">The code; null for any code of the system.</param>
    public sealed record Token(bool AnySystem, string? System, string? Code) : SearchValue;

    /// <summary>Text, as the client wrote it.</summary>
    public sealed record Text(string Value) : SearchValue;

    /// <summary>A date with the precision it is written in.</summary>
    /// <param name="Comparator">Its prefix.</param>
    /// <param name="Low">The first instant it may mean.</param>
    /// <param name="High">The first instant after.</param>
    public sealed record Date(Comparator Comparator, DateTimeOffset Low, DateTimeOffset High) : SearchValue;

    /// <summary>A number; only eq, ne and ap regard the precision it is written in.</summary>
    public sealed record Number(Comparator Comparator, double Low, double High) : SearchValue;

    /// <summary>A number with a unit.</summary>
    /// <param name="Amount">The number.</param>
    /// <param name="System">The unit's system, or null for any.</param>
    /// <param name="Code">The unit, or null for any.</param>
    /// <param name="Base">The same in base units, where the unit is one of UCUM's.</param>
    public sealed record Quantity(Number Amount, string? System, string? Code, BaseQuantity? Base = null) : SearchValue;

    /// <summary>Codes of a value set, or of a branch of a code system. A system is null where the element leaves it to be understood.</summary>
    public sealed record Codes(ImmutableArray<(string? System, string Code)> Any) : SearchValue;

    /// <summary>An identifier by its type, for <c>:of-type</c>.</summary>
    public sealed record TypedIdentifier(string? System, string Code, string Value) : SearchValue;

    /// <summary>The parts of a composite, all to be found in one element.</summary>
    public sealed record Tuple(ImmutableArray<SearchValue> Parts) : SearchValue;

    /// <summary>A circle on the globe.</summary>
    /// <param name="Latitude">Of its centre, in degrees.</param>
    /// <param name="Longitude">Of its centre, in degrees.</param>
    /// <param name="Metres">Its radius.</param>
    public sealed record Circle(double Latitude, double Longitude, double Metres) : SearchValue;

    /// <summary><c>id</c> or <c>Type/id</c>.</summary>
    /// <param name="Type">Null where only the id is given.</param>
    /// <param name="Id">A logical id.</param>
    public sealed record Reference(string? Type, string Id) : SearchValue;

    /// <summary>A uri, or an absolute reference.</summary>
    public sealed record Uri(string Value) : SearchValue;
}

/// <summary>A quantity in UCUM's base units.</summary>
public sealed record BaseQuantity(SearchValue.Number Amount, string Unit);
