namespace FhirFacade.Server.Rest;

/// <summary>
/// Finds the texts of a resource that may name other entries of its transaction (<c>urn:uuid:...</c>, <c>Patient?identifier=...</c>) by how they begin, without
/// reading it token by token: nearly all of a resource is something else. Only for JSON that <see cref="IsPlain"/>; of what is no JSON it finds anything, but ends.
/// </summary>
internal ref struct NameScan
{
    /// <summary>How most full urls begin.</summary>
    public const string Urn = "urn:uuid:";

    private readonly ReadOnlySpan<byte> json;
    private int nextUrn;
    private int nextSearch;

    /// <summary>A scan from the beginning.</summary>
    /// <param name="json">One resource.</param>
    /// <param name="urns">Whether texts that begin with <see cref="Urn"/> are found.</param>
    /// <param name="searches">Whether texts with a question mark are found.</param>
    public NameScan(ReadOnlySpan<byte> json, bool urns, bool searches)
    {
        this.json = json;
        nextUrn = urns ? UrnFrom(0) : int.MaxValue;
        nextSearch = searches ? SearchFrom(0) : int.MaxValue;
    }

    /// <summary>Whether texts stand in it as they are: written without escapes for letters and slashes.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> json) => json.IndexOf((byte)'\\') < 0 || (json.IndexOf("\\u"u8) < 0 && json.IndexOf("\\/"u8) < 0);

    /// <summary>The next text, from its first byte to its closing quotation mark; false where there is no other.</summary>
    public bool Next(out int start, out int end)
    {
        while (true)
        {
            var at = Math.Min(nextUrn, nextSearch);
            if (at == int.MaxValue)
            {
                (start, end) = (0, 0);
                return false;
            }

            var isSearch = at == nextSearch;
            start = isSearch ? json[..at].LastIndexOf((byte)'"') + 1 : at;
            end = json[at..].IndexOf((byte)'"') is >= 0 and var length ? at + length : json.Length;
            nextSearch = nextSearch < end ? SearchFrom(end) : nextSearch;
            nextUrn = nextUrn < end ? UrnFrom(end) : nextUrn;

            // What follows an escaped quotation mark is the middle of a text.
            if (start >= 2 && json[start - 2] != (byte)'\\')
            {
                return true;
            }
        }
    }

    /// <summary>The name of the property whose value begins at <paramref name="start"/>; empty where it is an item of an array or cannot be told.</summary>
    public readonly ReadOnlySpan<byte> PropertyOf(int start)
    {
        var before = json[..(start - 1)].TrimEnd(" \t\r\n"u8);
        if (before is not [.., (byte)':'])
        {
            return [];
        }

        before = before[..^1].TrimEnd(" \t\r\n"u8);
        if (before is not [.., (byte)'"'])
        {
            return [];
        }

        before = before[..^1];
        var open = before.LastIndexOf((byte)'"');
        return open > 0 && before[open - 1] != (byte)'\\' ? before[(open + 1)..] : [];
    }

    private readonly int UrnFrom(int from)
    {
        var found = json[from..].IndexOf("\"urn:uuid:"u8);
        return found < 0 ? int.MaxValue : from + found + 1;
    }

    private readonly int SearchFrom(int from)
    {
        var found = json[from..].IndexOf((byte)'?');
        return found < 0 ? int.MaxValue : from + found;
    }
}
