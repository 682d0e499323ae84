using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Index;

/// <summary>Collects the terms, ranges and texts of one resource.</summary>
internal sealed class IndexRowBuilder(string type)
{
    // Kept in columns of their own.
    private const string Id = "_id";
    private const string LastUpdated = "_lastUpdated";

    private readonly string? mainDate = MainDate.Of(type);
    // Sorted and rid of repetitions at the end.
    private readonly List<long> terms = new(64);
    private readonly List<int> present = new(32);
    // Most resources have few of these, many have none.
    private HashSet<IndexRange>? ranges;
    private HashSet<IndexText>? texts;
    private HashSet<IndexedText>? coded;
    private HashSet<long>? postings;
    private readonly bool hasAliases = ParameterAliases.AreIn(type);
    private readonly bool hasPostings = Postings.Has(type);
    // Several parameters see the same text of a code.
    private (string Text, string Kept) lastCoded = ("", "");
    private int tuples;
    private DateTimeOffset low = DateTimeOffset.MaxValue;
    private DateTimeOffset high = DateTimeOffset.MinValue;
    private bool dated;

    public void Add(IndexValue value)
    {
        if (value.Parameter is Id or LastUpdated)
        {
            return;
        }

        present.Add(Terms.Parameter(value.Parameter));
        if (hasAliases && ParameterAliases.IsAlias(type, value.Parameter))
        {
            return;
        }

        switch (value)
        {
            case TokenValue token:
                Add(token);
                break;
            case StringValue text:
                Add(text);
                break;
            case DateValue date when date.Parameter == mainDate:
                dated = true;
                low = date.Low < low ? date.Low : low;
                high = date.High > high ? date.High : high;
                break;
            case DateValue date:
                (ranges ??= []).Add(new IndexRange(Terms.Parameter(date.Parameter), DateScale.Of(date.Low), DateScale.Of(date.High)));
                break;
            case NumberValue number:
                var (least, greatest) = KeptNumber.Of(number.Low, number.High);
                (ranges ??= []).Add(new IndexRange(Terms.Parameter(number.Parameter), least, greatest));
                break;
            case QuantityValue quantity:
                Add(quantity);
                break;
            case ReferenceValue reference:
                terms.Add(Terms.Reference(reference.Parameter, reference.TargetType, reference.TargetId));
                break;
            case ExternalReferenceValue external:
                terms.Add(Terms.Uri(external.Parameter, external.Url));
                break;
            case IdentifierReferenceValue identifier:
                terms.Add(Terms.Identifier(identifier.Parameter, identifier.System, identifier.Value));
                terms.Add(Terms.IdentifierValue(identifier.Parameter, identifier.Value));
                break;
            case UriValue uri:
                terms.Add(Terms.Uri(uri.Parameter, uri.Uri));
                (coded ??= []).Add(new IndexedText(Terms.Uri(uri.Parameter, uri.Uri), Terms.Parameter(uri.Parameter), StringPrefixes.Kept(uri.Uri)));
                break;
            case TypedIdentifierValue identifier:
                terms.Add(Terms.IdentifierOfType(identifier.Parameter, identifier.TypeSystem, identifier.TypeCode, identifier.Value));
                break;
            case PositionValue position:
                (ranges ??= []).Add(new IndexRange(Position.LatitudeParameter, (double)position.Latitude, (double)position.Latitude));
                (ranges ??= []).Add(new IndexRange(Position.LongitudeParameter, (double)position.Longitude, (double)position.Longitude));
                break;
            case CompositeValue composite:
                Add(composite);
                break;
            default:
                throw new InvalidOperationException($"An index value of a kind that is not known: {value.GetType().Name}.");
        }
    }

    public IndexRow ToRow(long refHash)
    {
        return new IndexRow(
            refHash,
            dated ? low : DateTimeOffset.MinValue,
            dated ? high : null,
            Sorted(terms),
            Sorted(present),
            ranges is null ? [] : [.. ranges],
            texts is null ? [] : [.. texts],
            coded is null ? [] : [.. coded],
            postings is null ? [] : [.. postings.Order()]);
    }

    private static ImmutableArray<T> Sorted<T>(List<T> values)
        where T : struct, IEquatable<T>
    {
        var sorted = CollectionsMarshal.AsSpan(values);
        sorted.Sort();
        var kept = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || !sorted[i].Equals(sorted[i - 1]))
            {
                sorted[kept++] = sorted[i];
            }
        }

        return [.. sorted[..kept]];
    }

    public void Add(IEnumerable<long> more) => terms.AddRange(more);

    public void Add(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            terms.Add(Terms.Word(word));
        }
    }

    private void Add(TokenValue token)
    {
        if (token.Code.Length > 0)
        {
            terms.Add(Terms.TokenCode(token.Parameter, token.Code));
            terms.Add(Terms.Token(token.Parameter, token.System, token.Code));
            if (hasPostings && token.Parameter == Postings.Parameter)
            {
                (postings ??= []).Add(Terms.TokenCode(token.Parameter, token.Code));
            }
        }

        if (token.System is not null)
        {
            terms.Add(Terms.TokenSystem(token.Parameter, token.System));
        }

        if (token.Text is not null && KeptOf(token.Text) is { Length: > 0 } text)
        {
            var term = Terms.CodedText(token.Parameter, text);
            terms.Add(term);
            (coded ??= []).Add(new IndexedText(term, Terms.Parameter(token.Parameter), text));
        }
    }

    private string KeptOf(string text)
    {
        if (text != lastCoded.Text)
        {
            lastCoded = (text, StringPrefixes.Kept(NormalText.Of(text)));
        }

        return lastCoded.Kept;
    }

    // What the resource itself is the tuple of is searched through the parts (CompositeParameters).
    private void Add(CompositeValue composite)
    {
        if (!CompositeParameters.IsTuple(type, composite.Parameter))
        {
            return;
        }

        var tuple = ++tuples;
        foreach (var key in TupleTerms.KeysOf(composite))
        {
            terms.Add(key);
            foreach (var (range, part) in composite.Parts.Select((part, i) => (TupleTerms.RangeOf(part), i)))
            {
                if (range is not null)
                {
                    (ranges ??= []).Add(range with { Parameter = Terms.Part(composite.Parameter, part), Tuple = tuple, Key = key });
                }

                if (composite.Parts[part] is QuantityValue quantity && BaseUnits.RangeOf(quantity) is { } canonical)
                {
                    (ranges ??= []).Add(canonical with { Parameter = Terms.Canonical(composite.Parameter + "$" + part), Tuple = tuple, Key = key });
                }
            }
        }
    }

    private void Add(StringValue text)
    {
        terms.Add(Terms.Exact(text.Parameter, text.Text));
        var normalised = NormalText.Of(text.Text);
        if (normalised.Length > 0)
        {
            StringPrefixes.AddTo(terms, text.Parameter, normalised);
            (texts ??= []).Add(new IndexText(Terms.Parameter(text.Parameter), StringPrefixes.Kept(normalised)));
        }
    }

    private void Add(QuantityValue quantity)
    {
        (ranges ??= []).Add(TupleTerms.RangeOf(quantity) with { Parameter = Terms.Parameter(quantity.Parameter) });
        if (BaseUnits.RangeOf(quantity) is { } canonical)
        {
            (ranges ??= []).Add(canonical with { Parameter = Terms.Canonical(quantity.Parameter) });
        }
    }
}
