using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Index;

/// <summary>Collects the terms, ranges and texts of one resource.</summary>
internal sealed class IndexRowBuilder(string type)
{
    // Kept in columns of their own.
    private const string Id = "_id";
    private const string LastUpdated = "_lastUpdated";

    private readonly string? mainDate = MainDate.Of(type);
    private readonly HashSet<long> terms = [];
    private readonly HashSet<int> present = [];
    private readonly HashSet<IndexRange> ranges = [];
    private readonly HashSet<IndexText> texts = [];
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
        if (ParameterAliases.IsAlias(type, value.Parameter))
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
                ranges.Add(new IndexRange(Terms.Parameter(date.Parameter), DateScale.Of(date.Low), DateScale.Of(date.High)));
                break;
            case NumberValue number:
                var (least, greatest) = KeptNumber.Of(number.Low, number.High);
                ranges.Add(new IndexRange(Terms.Parameter(number.Parameter), least, greatest));
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
                break;
            case PositionValue:
                // The query parser refuses near, so nothing would read it.
                break;
            case CompositeValue:
                // Composite parameters are refused by the query parser, so nothing would read their terms.
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
            [.. terms.Order()],
            [.. present.Order()],
            [.. ranges],
            [.. texts]);
    }

    private void Add(TokenValue token)
    {
        if (token.Code.Length > 0)
        {
            terms.Add(Terms.TokenCode(token.Parameter, token.Code));
            terms.Add(Terms.Token(token.Parameter, token.System, token.Code));
        }

        if (token.System is not null)
        {
            terms.Add(Terms.TokenSystem(token.Parameter, token.System));
        }
    }

    private void Add(StringValue text)
    {
        terms.Add(Terms.Exact(text.Parameter, text.Text));
        var normalised = NormalText.Of(text.Text);
        if (normalised.Length > 0)
        {
            StringPrefixes.AddTo(terms, text.Parameter, normalised);
            texts.Add(new IndexText(Terms.Parameter(text.Parameter), StringPrefixes.Kept(normalised)));
        }
    }

    private void Add(QuantityValue quantity)
    {
        var (least, greatest) = KeptNumber.Of(quantity.Low, quantity.High);
        ranges.Add(new IndexRange(
            Terms.Parameter(quantity.Parameter),
            least,
            greatest,
            quantity is { System: { } system, Code: { } code } ? Terms.Unit(system, code) : null,
            quantity.Code is null ? null : Terms.UnitCode(quantity.Code),
            quantity.Unit is null || quantity.Unit == quantity.Code ? null : Terms.UnitCode(quantity.Unit)));
    }
}
