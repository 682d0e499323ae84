using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.Segments;

/// <summary>Makes a FHIR value of one repetition; nothing if there is nothing in it. Must not throw on content.</summary>
internal delegate Mapped ValueMap(Hl7Element value, MapRow row, MessageScope scope);

/// <summary>Writes several elements of the resource; false if there was nothing to write.</summary>
internal delegate bool ContentMap(Hl7Element value, MapRow row, MessageScope scope, JsonObject target);

/// <summary>A data type map as the tables name it.</summary>
/// <param name="Value">Makes a value; null if <paramref name="Content"/> is given.</param>
/// <param name="Content">Writes several elements at once; null if <paramref name="Value"/> is given.</param>
/// <param name="WholeField">It takes all repetitions of the field together.</param>
internal sealed record DataTypeMap(ValueMap? Value, ContentMap? Content = null, bool WholeField = false);
