using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Primitives: the value (<c>birthDate</c>), its id and extensions (<c>_birthDate</c>), and how arrays of the two align.</summary>
internal sealed partial class StructureWalk
{
    private void Primitive(JsonElement parent, JsonProperty property, ElementMatch match, bool isExtra)
    {
        var value = property.Value;
        if (!match.Element.IsArray)
        {
            if (isExtra)
            {
                Extra(value, match, parent.TryGetProperty(property.Name.AsSpan(1), out var own) && own.ValueKind != JsonValueKind.Null);
            }
            else
            {
                Format(value, match);
            }

            return;
        }

        if (!IsArray(value, match.Element))
        {
            return;
        }

        var partner = _hasExtras && parent.TryGetProperty(isExtra ? property.Name[1..] : "_" + property.Name, out var found) && found.ValueKind == JsonValueKind.Array ? found : default;
        if (isExtra && partner.ValueKind == JsonValueKind.Array && partner.GetArrayLength() != value.GetArrayLength())
        {
            Report(IssueType.Structure, "The values and their extensions are arrays of one length.");
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            _location.Enter(index);
            var beside = partner.ValueKind == JsonValueKind.Array && index < partner.GetArrayLength() && partner[index].ValueKind != JsonValueKind.Null;
            if (item.ValueKind == JsonValueKind.Null)
            {
                // A pair of nulls is reported once, beside the value if there is one.
                if (!beside && (!isExtra || partner.ValueKind != JsonValueKind.Array || index >= partner.GetArrayLength()))
                {
                    Report(IssueType.Structure, "An item is null only where its value or its extensions stand in for it.");
                }
            }
            else if (isExtra)
            {
                Extra(item, match, beside);
            }
            else
            {
                Format(item, match);
            }

            _location.Leave();
            index++;
        }
    }

    private void Extra(JsonElement value, ElementMatch match, bool hasValue)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            Report(IssueType.Structure, "There is no null here; extensions that are not there are left out.");
        }
        else
        {
            Object(value, match.TypeIn(definitions), hasValue);
        }
    }

    private void Format(JsonElement value, ElementMatch match)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                Report(IssueType.Structure, "There is no null here; an element without a value is left out.");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                if (match.Primitive != PrimitiveKind.Boolean)
                {
                    Report(IssueType.Structure, $"The JSON value of a {match.TypeName} is not true or false.");
                }

                break;
            case JsonValueKind.Number:
                Number(value, match.TypeName);
                break;
            case JsonValueKind.String:
                if (match.Primitive is PrimitiveKind.Boolean or PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt or PrimitiveKind.Decimal)
                {
                    Report(IssueType.Structure, $"The JSON value of a {match.TypeName} is not a text.");
                }
                else
                {
                    Text(value, match);
                }

                break;
            default:
                Report(IssueType.Structure, "The element is a single JSON value.");
                break;
        }
    }

    private void Number(JsonElement value, string type)
    {
        var isValid = type switch
        {
            "decimal" => true,
            "integer" => IsWhole(value, int.MinValue),
            "unsignedInt" => IsWhole(value, 0),
            "positiveInt" => IsWhole(value, 1),
            _ => false,
        };
        if (!isValid)
        {
            Report(type is "integer" or "unsignedInt" or "positiveInt" ? IssueType.Value : IssueType.Structure, $"The number is not a {type}.");
        }
    }

    private static bool IsWhole(JsonElement value, int least) =>
        value.TryGetInt32(out var number) && number >= least && !JsonMarshal.GetRawUtf8Value(value).ContainsAny((byte)'.', (byte)'e', (byte)'E');

    private static bool IsIn(ValueSetCodes codes, ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[128];
        return text.Length > characters.Length
            ? codes.Contains(Encoding.UTF8.GetString(text))
            : codes.Contains(characters[..Encoding.UTF8.GetChars(text, characters)]);
    }

    private void Text(JsonElement value, ElementMatch match)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        var text = raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(value.GetString()!) : raw;
        if (text.IsEmpty)
        {
            Report(IssueType.Structure, "A text is not empty; an element without a value is left out.");
        }
        else if (!PrimitiveFormat.IsValid(match.Primitive, text))
        {
            Report(IssueType.Value, $"The text has not the format of a {match.TypeName}.");
        }
        else if (match.Element.Binding is { Strength: BindingStrength.Required } binding
            && definitions.ValueSet(binding.ValueSet) is { } codes && !IsIn(codes, text))
        {
            Report(IssueType.CodeInvalid, $"The code is not in the required value set {binding.ValueSet}.");
        }
    }
}
