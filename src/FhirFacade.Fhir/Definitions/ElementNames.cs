using System.Text;

namespace FhirFacade.Fhir.Definitions;

/// <summary>
/// The JSON names of a type's elements as UTF-8, found without making a string. Open addressing over length, first and last
/// byte: the names of one type rarely agree in all three.
/// </summary>
internal sealed class ElementNames
{
    private readonly (byte[] Name, ElementMatch Match)[] _slots;

    public ElementNames(IReadOnlyCollection<KeyValuePair<string, ElementMatch>> names)
    {
        _slots = new (byte[], ElementMatch)[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(names.Count * 4) + 4)];
        foreach (var (name, match) in names)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            var slot = Hash(utf8);
            while (_slots[slot & (_slots.Length - 1)].Name is not null)
            {
                slot++;
            }

            _slots[slot & (_slots.Length - 1)] = (utf8, match);
        }
    }

    /// <summary>The element of a name; null where there is none.</summary>
    public ElementMatch? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return null;
        }

        for (var slot = Hash(name); ; slot++)
        {
            ref readonly var entry = ref _slots[slot & (_slots.Length - 1)];
            if (entry.Name is null)
            {
                return null;
            }

            if (name.SequenceEqual(entry.Name))
            {
                return entry.Match;
            }
        }
    }

    private static int Hash(ReadOnlySpan<byte> name) => (name.Length * 37) + (name[0] * 11) + (name[^1] * 5) + name[name.Length / 2];
}
