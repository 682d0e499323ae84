using FhirFacade.Fhir.Json;
using FhirFacade.Fuzz.Mutation;

namespace FhirFacade.Fuzz.Targets;

/// <summary>application/fhir+json: parse, validate, write canonically, and through XML.</summary>
internal sealed class JsonTarget : FuzzTarget
{
    private static readonly byte[][] Pieces =
    [
        "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "\\u"u8.ToArray(), "\\ud800"u8.ToArray(), "null"u8.ToArray(), "\"id\":\"a\","u8.ToArray(),
        "\"resourceType\":\"Bundle\","u8.ToArray(), [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0], "1e"u8.ToArray(), "-"u8.ToArray(), "."u8.ToArray(), "//"u8.ToArray(),
    ];

    public override string Name => "json";

    public override bool Feed(byte[] input)
    {
        using var parsed = ResourceParser.Parse(input);
        FuzzViolation.Unless((parsed.Document is null) != parsed.Issues.IsEmpty, "a document or issues");
        if (parsed.Document is null)
        {
            ResourcePromises.Told(parsed.Issues);
        }
        else
        {
            ResourcePromises.Hold(parsed.Document.RootElement, allRules: true);
        }

        return parsed.Document is not null;
    }

    protected override byte[] Make(Random random)
    {
        var input = JsonMutator.Mutate(Seeds.Resources, random);
        return random.Next(4) == 0 ? ByteMutator.Mutate(input, random, Pieces) : input;
    }
}
