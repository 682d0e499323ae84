using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Index;

/// <summary>What the index holds of a contained resource: a row of the table <c>contained</c>, apart from the resources that have an address.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its id within the container, without the hash sign.</param>
/// <param name="Index">As of a resource of its own; no other row refers to it.</param>
public sealed record ContainedIndex(string Type, string Id, IndexRow Index)
{
    /// <summary>Among the parameters that a container has a value of (<see cref="IndexRow.Present"/>), for whoever replaces or deletes it. No code of a parameter.</summary>
    public static readonly int Mark = Terms.Parameter("(contained)");

    /// <summary>How many of a container are indexed: as many as its rows have places for.</summary>
    public const int Most = 4096;

    /// <summary>A hash of all of it: the same where the rows are the same.</summary>
    public long Content { get; } = Hash(Type, Id, Index);

    /// <summary>What a resource contains; of nearly every resource nothing.</summary>
    internal static ImmutableArray<ContainedIndex> Of(JsonElement container)
    {
        if (container.ValueKind != JsonValueKind.Object || !container.TryGetProperty("contained", out var contained) || contained.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var found = ImmutableArray.CreateBuilder<ContainedIndex>(contained.GetArrayLength());
        foreach (var resource in contained.EnumerateArray().Take(Most))
        {
            if (Text(resource, "resourceType") is { } type && ResourceTables.Has(type) && Text(resource, "id") is { } id)
            {
                found.Add(new(type, id, IndexRow.From(type, id, SearchIndexer.Extract(type, resource, SearchParameterSet.Indexed))));
            }
        }

        return found.DrainToImmutable();
    }

    private static string? Text(JsonElement resource, string name) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Hash(string type, string id, IndexRow index)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(type);
        Add(id);
        hash.AppendData(MemoryMarshal.AsBytes(index.Terms.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(index.Present.AsSpan()));
        Add($"{index.DateLow.UtcTicks} {index.DateHigh?.UtcTicks}");
        var ranges = index.Ranges.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Parameter} {r.Low:R} {r.High:R} {r.Unit} {r.UnitCode} {r.UnitName} {r.Tuple} {r.Key}"));
        foreach (var part in ranges.Concat(index.Texts.Select(text => $"{text.Parameter} {text.Value}")).Order(StringComparer.Ordinal))
        {
            Add(part);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
    }
}
