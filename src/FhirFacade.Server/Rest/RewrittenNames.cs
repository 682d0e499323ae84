using System.Collections.Frozen;
using System.Text;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Server.Rest;

/// <summary>
/// Which properties of a resource hold what a transaction rewrites: references, and elements of type uri, url, oid and uuid. Nearly every name
/// says it by itself, wherever it stands.
/// </summary>
internal static class RewrittenNames
{
    private static readonly Lazy<FrozenDictionary<string, Answer>> Names = new(Read);

    /// <summary>What the name of a property says.</summary>
    public static Answer Of(ReadOnlySpan<byte> utf8)
    {
        Span<char> name = stackalloc char[64];
        return utf8.Length <= name.Length && Encoding.UTF8.TryGetChars(utf8, name, out var length)
            && Names.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var answer) ? answer : Answer.No;
    }

    /// <summary>Whether values of a type are rewritten.</summary>
    public static bool Holds(string? type) => type is "uri" or "url" or "oid" or "uuid";

    private static FrozenDictionary<string, Answer> Read()
    {
        var answers = new Dictionary<string, Answer>(StringComparer.Ordinal);
        foreach (var type in R4.Definitions.Types)
        {
            foreach (var name in type.Elements.SelectMany(TypeDefinition.JsonNamesOf))
            {
                // Only a primitive stands as a text: Consent.provision.data.reference is an object, and says nothing of Reference.reference.
                if (type.TryMatch(name, out var match) && R4.Definitions.Type(match.TypeName) is { Kind: TypeKind.Primitive })
                {
                    var answer = Holds(match.TypeName) || (type.Name == "Reference" && name == "reference") ? Answer.Yes : Answer.No;
                    answers[name] = answers.GetValueOrDefault(name, answer) == answer ? answer : Answer.Depends;
                }
            }
        }

        return answers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether the values of a property are rewritten.</summary>
    internal enum Answer
    {
        /// <summary>Nowhere.</summary>
        No,

        /// <summary>Wherever it stands.</summary>
        Yes,

        /// <summary>In some types.</summary>
        Depends,
    }
}
