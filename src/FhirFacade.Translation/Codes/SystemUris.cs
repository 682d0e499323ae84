using System.Buffers;
using System.Collections.Frozen;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Codes;

/// <summary>URIs of code systems and of assigning authorities, by the names and OIDs that v2 uses for them.</summary>
internal sealed class SystemUris
{
    private static readonly SearchValues<char> OidCharacters = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    private readonly FrozenDictionary<string, string> _codeSystems;
    private readonly FrozenDictionary<string, string> _authorities;

    /// <summary>Of the tables <c>code-systems.csv</c> and <c>authorities.csv</c>; a later row of a name wins.</summary>
    public SystemUris(MapTables tables) => (_codeSystems, _authorities) = (Load(tables, "code-systems"), Load(tables, "authorities"));

    /// <summary>URI for the name of a coding system (CWE.3, table 0396): its own, <c>v2-nnnn</c> for HL7 tables, else a local urn.</summary>
    public string? OfCodeSystem(string? name) => string.IsNullOrWhiteSpace(name) ? null : _codeSystems.GetValueOrDefault(name) ?? Derive(name, _codeSystems);

    /// <summary>URI for a namespace (HD.1) or universal id (HD.2 with HD.3).</summary>
    public string? OfAuthority(string? name, string? universalId, string? universalIdType)
    {
        if (!string.IsNullOrWhiteSpace(universalId))
        {
            return _authorities.GetValueOrDefault(universalId) ?? OfUniversalId(universalId, universalIdType);
        }

        return string.IsNullOrWhiteSpace(name) ? null : _authorities.GetValueOrDefault(name) ?? Derive(name, _authorities);
    }

    /// <summary>A name that only its own site understands, as a URI.</summary>
    public static string Local(string name) => $"urn:id:{Uri.EscapeDataString(name.Trim())}";

    public static bool IsOid(ReadOnlySpan<char> text) =>
        text.Length > 2 && text[0] is >= '0' and <= '2' && text[1] == '.' && !text.ContainsAnyExcept(OidCharacters) && text[^1] != '.' && text.IndexOf("..", StringComparison.Ordinal) < 0;

    private string OfUniversalId(string id, string? type)
    {
        id = id.Trim();
        return type?.ToUpperInvariant() switch
        {
            "ISO" when IsOid(id) => $"urn:oid:{id}",
            "UUID" or "GUID" when Guid.TryParse(id, out var guid) => $"urn:uuid:{guid:D}",
            "URI" or "URL" when HasScheme(id) => id,
            _ => Derive(id, _authorities),
        };
    }

    private static string Derive(string name, FrozenDictionary<string, string> known)
    {
        name = name.Trim();
        if (IsAbsolute(name))
        {
            return name;
        }

        if (IsOid(name))
        {
            return known.GetValueOrDefault(name) ?? $"urn:oid:{name}";
        }

        if (name.Length == 7 && name.StartsWith("HL7", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(3), out _))
        {
            return $"http://terminology.hl7.org/CodeSystem/v2-{name[3..]}";
        }

        return Local(name);
    }

    private static bool HasScheme(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon && text.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0 && !text.Any(char.IsWhiteSpace);

    private static bool IsAbsolute(string text) =>
        (text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("urn:", StringComparison.Ordinal))
        && !text.Any(char.IsWhiteSpace);

    private static FrozenDictionary<string, string> Load(MapTables tables, string file)
    {
        var uris = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in tables.Read($"{file}.csv"))
        {
            uris[row["name"]!] = row["uri"]!;
        }

        return uris.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
