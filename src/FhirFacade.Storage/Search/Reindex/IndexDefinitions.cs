using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>By what the rows of a type are indexed, as one number: the definitions of its parameters, and how the index is written.</summary>
internal static class IndexDefinitions
{
    /// <summary>To be raised when <see cref="Index.IndexRow"/> makes something else of the same resource.</summary>
    private const int Format = 2;

    private static readonly ConditionalWeakTable<SearchParameterSet, Dictionary<string, long>> Known = [];

    /// <summary>The number of each type that is stored.</summary>
    public static IReadOnlyDictionary<string, long> Of(SearchParameterSet set) => Known.GetValue(set, static made =>
        Schema.ResourceTables.Types.ToDictionary(type => type, type => Hash(type, made.For(type)), StringComparer.Ordinal));

    private static long Hash(string type, IReadOnlyList<SearchParameter> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(Format.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (AttachmentTerms.Shows(type))
        {
            Add(nameof(AttachmentTerms));
        }

        foreach (var parameter in parameters)
        {
            Add(parameter.Code);
            Add(parameter.Type.ToString());
            Add(parameter.Expression);
            Add(string.Join(' ', parameter.Targets));
            foreach (var component in parameter.Components)
            {
                Add(component.Definition);
                Add(component.Expression);
            }
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
    }
}
