using System.Collections.Immutable;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>What one search parameter finds in one resource. A closed set: the records of this file.</summary>
public abstract record IndexValue
{
    private protected IndexValue(string parameter) => Parameter = parameter;

    /// <summary>The code of the search parameter.</summary>
    public string Parameter { get; init; }
}

/// <summary>A coded value: https://hl7.org/fhir/R4/search.html#token</summary>
/// <param name="Parameter">The code of the search parameter.</param>
/// <param name="System">The system's uri; null where the value has none, or its type knows none (<c>code</c>, <c>boolean</c>, <c>string</c>).</param>
/// <param name="Code">The code or identifier value; empty where only text is known.</param>
/// <param name="Text">What <c>:text</c> matches: display, CodeableConcept.text or Identifier.type.text; null where there is none.</param>
public sealed record TokenValue(string Parameter, string? System, string Code, string? Text = null) : IndexValue(Parameter);

/// <summary>Text as it stands in the resource: https://hl7.org/fhir/R4/search.html#string</summary>
public sealed record StringValue(string Parameter, string Text) : IndexValue(Parameter);

/// <summary>The instants a date may mean: https://hl7.org/fhir/R4/search.html#date</summary>
/// <param name="Parameter">The code of the search parameter.</param>
/// <param name="Low">The first instant; <see cref="DateTimeOffset.MinValue"/> for a period without start.</param>
/// <param name="High">The first instant after it; <see cref="DateTimeOffset.MaxValue"/> for a period without end.</param>
public sealed record DateValue(string Parameter, DateTimeOffset Low, DateTimeOffset High) : IndexValue(Parameter);

/// <summary>A number with its implicit precision: 5.40 is the range from 5.395 to 5.405.</summary>
public sealed record NumberValue(string Parameter, decimal Low, decimal High) : IndexValue(Parameter);

/// <summary>A quantity with its implicit precision, in the unit it is written in; <see cref="Canonical"/> is the same in base units.</summary>
/// <param name="Parameter">The code of the search parameter.</param>
/// <param name="Low">The least value meant.</param>
/// <param name="High">The greatest value meant.</param>
/// <param name="System">The system of the unit, usually UCUM.</param>
/// <param name="Code">The coded unit.</param>
/// <param name="Unit">The unit as shown to people.</param>
public sealed record QuantityValue(string Parameter, decimal Low, decimal High, string? System, string? Code, string? Unit) : IndexValue(Parameter)
{
    /// <summary>The same in base units, reckoned when asked for; null where the unit is of no system that has them.</summary>
    public CanonicalRange? Canonical => CanonicalRange.Of(Low, High, System, Code);
}

/// <summary>A place on the earth, in degrees of WGS 84, for <c>near</c>: https://hl7.org/fhir/R4/location.html#search</summary>
/// <param name="Parameter">The code of the search parameter.</param>
/// <param name="Latitude">From -90 to 90.</param>
/// <param name="Longitude">From -180 to 180.</param>
public sealed record PositionValue(string Parameter, decimal Latitude, decimal Longitude) : IndexValue(Parameter);

/// <summary>A reference that names type and id.</summary>
/// <param name="Parameter">The code of the search parameter.</param>
/// <param name="TargetType">The type of the resource referred to.</param>
/// <param name="TargetId">Its id.</param>
/// <param name="Version">Its version, where the reference names one.</param>
public sealed record ReferenceValue(string Parameter, string TargetType, string TargetId, string? Version = null) : IndexValue(Parameter);

/// <summary>An absolute reference (a URL on some server, or a urn), or a canonical.</summary>
public sealed record ExternalReferenceValue(string Parameter, string Url) : IndexValue(Parameter);

/// <summary>A logical reference by business identifier: <c>Reference.identifier</c>, matched by <c>:identifier</c>.</summary>
public sealed record IdentifierReferenceValue(string Parameter, string? System, string Value) : IndexValue(Parameter);

/// <summary>An identifier together with one coding of its type, matched by <c>:of-type</c>.</summary>
/// <param name="Parameter">The code of the search parameter.</param>
/// <param name="TypeSystem">The system of <c>Identifier.type.coding</c>.</param>
/// <param name="TypeCode">Its code.</param>
/// <param name="Value">The identifier's value.</param>
public sealed record TypedIdentifierValue(string Parameter, string? TypeSystem, string TypeCode, string Value) : IndexValue(Parameter);

/// <summary>A uri, matched whole (or by its start, with <c>:below</c>).</summary>
public sealed record UriValue(string Parameter, string Uri) : IndexValue(Parameter);

/// <summary>Parts found in one element, one for each component of the composite parameter, in order.</summary>
public sealed record CompositeValue(string Parameter, ImmutableArray<IndexValue> Parts) : IndexValue(Parameter)
{
    /// <inheritdoc/>
    public bool Equals(CompositeValue? other) =>
        other is not null && Parameter == other.Parameter && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Parameter);
        foreach (var part in Parts)
        {
            hash.Add(part);
        }

        return hash.ToHashCode();
    }
}
