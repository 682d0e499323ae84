using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Drafts by the bytes that made them: a report names its laboratory and its observers in every OBX. Only the last few are
/// kept; the ids find the others.
/// </summary>
internal sealed class NamedBefore
{
    private readonly (string Type, Hl7Element Value, ResourceDraft Draft)[] _recent = new (string, Hl7Element, ResourceDraft)[8];
    private int _count;

    /// <summary>Null if these bytes have not been seen lately.</summary>
    public ResourceDraft? Find(string type, Hl7Element value)
    {
        for (var i = Math.Min(_count, _recent.Length) - 1; i >= 0; i--)
        {
            ref readonly var known = ref _recent[i];
            if (ReferenceEquals(known.Type, type) && known.Value.Raw.SequenceEqual(value.Raw))
            {
                return known.Draft;
            }
        }

        return null;
    }

    public void Add(string type, Hl7Element value, ResourceDraft? draft)
    {
        if (draft is not null)
        {
            _recent[_count++ % _recent.Length] = (type, value, draft);
        }
    }
}
