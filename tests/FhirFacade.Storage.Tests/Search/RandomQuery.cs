using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Ucum;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Searches and grants made of what is in the resources, so that most of them find something, and some find too much.</summary>
internal sealed class RandomQuery(NaiveSearch all, int seed)
{
    private static readonly string[] Prefixes = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
    private static readonly string[] Scopes = ["patient", "patient", "system", "user"];
    private static readonly string[] Letters = ["rs", "rs", "s", "r", "cruds", "cud"];

    private readonly Random random = new(seed);
    private readonly string[] types = all.Types;

    public string Type() => Pick(types);

    public string Criteria(string type, int least, int most) => string.Join('&', Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Criterion(type, 0)).OfType<string>());

    public string? Sort(string type)
    {
        var codes = SearchParameterSet.Served.For(type)
            .Where(p => p.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && p.Expression.Length > 0
                && (p.Code is "_id" or "_lastUpdated" || Found(type).Any(v => v.Parameter == p.Code)))
            .Select(p => p.Code).Where(c => !c.StartsWith("combo-", StringComparison.Ordinal)).ToList();
        return Chance(0.3) ? null : string.Join(',', Enumerable.Range(0, random.Next(1, 3)).Select(_ => (Chance(0.5) ? "-" : "") + codes[random.Next(codes.Count)]).Distinct());
    }

    public string Includes(string type)
    {
        var parts = new List<string>();
        if (Chance(0.5))
        {
            string[] codes = [.. References(type).Select(p => p.Code)];
            parts.Add(codes.Length == 0 || Chance(0.3) ? "_include=*" : $"_include={type}:{Pick(codes)}");
        }

        var back = types.SelectMany(t => References(t).Where(p => p.Targets.Contains(type)).Select(p => $"_revinclude={t}:{p.Code}")).ToArray();
        if (Chance(0.5) && back.Length > 0)
        {
            parts.Add(Chance(0.1) ? "_revinclude=*" : Pick(back));
        }

        return string.Join('&', parts);
    }

    public AccessGrant Grant(string searched)
    {
        var words = Enumerable.Range(0, random.Next(0, 5)).Select(i =>
        {
            var type = i == 0 && Chance(0.8) ? searched : Chance(0.3) ? "*" : Type();
            var filter = Chance(0.3) && type != "*" ? Match(type) : null;
            return $"{Pick(Scopes)}/{type}.{Pick(Letters)}{(filter is null || filter.IndexOfAny([' ', '%', '+', '_']) >= 0 ? "" : "?" + filter)}";
        });
        var patients = all.Ids("Patient");
        return SearchDatabase.Grant(string.Join(' ', words), Chance(0.8) ? Pick(patients) : Chance(0.5) ? null : "nobody");
    }

    public AccessGrant WideGrant(string searched) => new RandomGrant(all, random, Match).Next(searched);

    private string? Criterion(string type, int depth)
    {
        var kind = depth < 3 ? random.Next(10) : 9;
        return kind switch
        {
            < 3 => Chain(type, depth),
            < 6 => Has(type, depth),
            _ => Match(type),
        };
    }

    private string? Chain(string type, int depth)
    {
        var links = all.Links(type);
        if (links.Length == 0)
        {
            return Match(type);
        }

        var (code, target) = links[random.Next(links.Length)];
        return types.Contains(target) && Criterion(target, depth + 1) is { } inner ? $"{code}:{target}.{inner}" : Match(type);
    }

    private string? Has(string type, int depth)
    {
        var links = types.SelectMany(t => References(t).Where(p => p.Targets.Contains(type)).Select(p => (t, p.Code))).ToArray();
        if (links.Length == 0)
        {
            return Match(type);
        }

        var (source, code) = links[random.Next(links.Length)];
        return Criterion(source, depth + 1) is { } inner ? $"_has:{source}:{code}:{inner}" : Match(type);
    }

    private string? Match(string type)
    {
        var values = Found(type);
        if (values.Length == 0)
        {
            return null;
        }

        if (Chance(0.1))
        {
            return Filter(type);
        }

        var value = values[random.Next(values.Length)];
        if (value.Parameter is "_id" or "_lastUpdated" || Chance(0.1))
        {
            return random.Next(3) switch
            {
                0 => "_id=" + Pick(all.Ids(type)),
                1 => $"{value.Parameter}:missing={(Chance(0.5) ? "true" : "false")}",
                _ => "_lastUpdated=" + Pick(Prefixes) + all.Resources[random.Next(all.Resources.Length)].LastUpdated.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            };
        }

        var same = values.Where(v => v.Parameter == value.Parameter && v.GetType() == value.GetType()).Take(200).ToList();
        var (modifier, text) = Written(value);
        return Chance(0.2) && modifier is "" or ":not" ? $"{value.Parameter}{modifier}={text},{Written(same[random.Next(same.Count)], modifier)}" : $"{value.Parameter}{modifier}={text}";
    }

    private string Written(IndexValue value, string modifier)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var (other, text) = Written(value);
            if (other == modifier || (other == ":not" && modifier.Length == 0) || (modifier == ":not" && other.Length == 0))
            {
                return text;
            }
        }

        return Written(value).Text;
    }

    private (string Modifier, string Text) Written(IndexValue value) => value switch
    {
        TokenValue { Text: { } shown } when NormalText.Of(shown).Length > 0 && Chance(0.2) => (":text", Escaped(Cut(shown.Trim().Split(' ')[^1]))),
        TokenValue token => (Chance(0.15) ? ":not" : "", Token(token.System, token.Code.Length == 0 ? "none" : token.Code)),
        TypedIdentifierValue identifier => (":of-type", $"{Escaped(identifier.TypeSystem ?? "")}|{Escaped(identifier.TypeCode)}|{Escaped(identifier.Value)}"),
        PositionValue place => ("", string.Create(CultureInfo.InvariantCulture, $"{place.Latitude}|{place.Longitude + (random.Next(3) / 10m)}|{random.Next(1, 60)}|{Pick(["km", "[mi_us]", "m"])}")),
        CompositeValue composite => ("", string.Join('$', composite.Parts.Select(Part))),
        StringValue text => random.Next(4) switch
        {
            0 => (":exact", Escaped(text.Text)),
            1 when text.Text.Length > 3 => (":contains", Escaped(Cut(text.Text[1..]))),
            2 when text.Text.Contains(' ', StringComparison.Ordinal) => ("", Escaped(Cut(text.Text.Trim().Split(' ')[^1]))),
            _ => ("", Escaped(Cut(text.Text))),
        },
        DateValue date => ("", Pick(Prefixes) + Date(Chance(0.7) || date.High == DateTimeOffset.MaxValue ? date.Low : date.High)),
        NumberValue number => ("", Pick(Prefixes) + Number(Middle(number.Low, number.High))),
        QuantityValue quantity => ("", Pick(Prefixes) + Quantity(quantity)),
        ReferenceValue reference => random.Next(3) switch
        {
            0 => ("", reference.TargetId),
            1 => (":" + reference.TargetType, reference.TargetId),
            _ => ("", $"{reference.TargetType}/{reference.TargetId}"),
        },
        IdentifierReferenceValue identifier => (":identifier", Token(identifier.System, identifier.Value)),
        ExternalReferenceValue external => ("", Link(external)),
        UriValue uri => random.Next(4) switch
        {
            0 => (":below", Escaped(uri.Uri[..Math.Max(uri.Uri.LastIndexOfAny(['/', '|']), 1)])),
            1 => (":above", Escaped(uri.Uri + "/further")),
            _ => ("", Escaped(uri.Uri)),
        },
        _ => throw new InvalidOperationException(),
    };

    // A part of a composite is compared without a modifier.
    private string Part(IndexValue part) => Plain(part).Replace("$", @"\$", StringComparison.Ordinal);

    /// <summary>The value as it is searched without a modifier.</summary>
    public string Plain(IndexValue part) => part switch
    {
        TokenValue token => Token(token.System, token.Code.Length == 0 ? "none" : token.Code),
        StringValue text => Escaped(text.Text),
        ReferenceValue reference => $"{reference.TargetType}/{reference.TargetId}",
        NumberValue number => Pick(Prefixes) + Number(Middle(number.Low, number.High)),
        QuantityValue quantity => Pick(Prefixes) + Quantity(quantity),
        DateValue date => Pick(Prefixes) + Date(date.Low),
        ExternalReferenceValue external => Link(external),
        _ => "none",
    };

    // What is contained, or no URL, cannot be searched for.
    private static string Link(ExternalReferenceValue external) => external.Url.Contains(':', StringComparison.Ordinal) ? Escaped(external.Url) : "none";

    private string Quantity(QuantityValue quantity)
    {
        var (value, unit) = (Middle(quantity.Low, quantity.High), quantity.Code);
        if (unit is not null && quantity.System == BaseUnits.Ucum && Chance(0.3))
        {
            var other = Pick(["g/L", "mg/dL", "kg", "mg", "cm", "/h", "ug/L"]);
            (value, unit) = UcumUnits.TryConvert(value, unit, other, out var converted) ? (converted, other) : (value, unit);
        }

        return Number(value) + random.Next(3) switch
        {
            0 => "",
            1 when quantity.System is { } system && unit is not null => $"|{Escaped(system)}|{Escaped(unit)}",
            _ => $"||{Escaped(unit ?? quantity.Unit ?? "none")}",
        };
    }

    private static decimal Middle(decimal low, decimal high) => low == decimal.MinValue ? high : high == decimal.MaxValue ? low : (low + high) / 2;

    // One or two comparisons of what is there, in the words of a filter.
    private string? Filter(string type)
    {
        var comparisons = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Comparison(Found(type)[random.Next(Found(type).Length)])).OfType<string>().ToList();
        return comparisons.Count == 0 ? null : "_filter=" + (comparisons.Count == 1
            ? (Chance(0.2) ? $"not ({comparisons[0]})" : comparisons[0])
            : $"{comparisons[0]} {Pick(["and", "or"])} {comparisons[1]}");
    }

    private string? Comparison(IndexValue value)
    {
        var (operation, text) = value switch
        {
            _ when Chance(0.1) => ("pr", Pick(["true", "false"])),
            TokenValue { Code.Length: > 0 } token => (Pick(["eq", "ne"]), token.System is null ? token.Code : $"{token.System}|{token.Code}"),
            StringValue said when NormalText.Of(said.Text).Length > 0 => (Pick(["eq", "ne", "co", "sw", "ew"]), Chance(0.5) ? said.Text : Cut(said.Text)),
            DateValue date => (Pick(["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "po"]), Date(date.Low)),
            NumberValue number => (Pick(["eq", "gt", "le"]), Number(Middle(number.Low, number.High))),
            ReferenceValue reference => (Pick(["re", "ne"]), $"{reference.TargetType}/{reference.TargetId}"),
            _ => (null, ""),
        };
        return operation is null || text.IndexOfAny(['\\', '"', '&', ',']) >= 0 || (value is TokenValue && text.Count(c => c == '|') > 1)
            ? null
            : operation == "pr" ? $"{value.Parameter} pr {text}" : $"{value.Parameter} {operation} \"{text}\"";
    }

    private ImmutableArray<IndexValue> Found(string type) => all.Values(type);

    private string Token(string? system, string code) => random.Next(4) switch
    {
        0 => $"{Escaped(system ?? "")}|{Escaped(code)}",
        1 => $"|{Escaped(code)}",
        _ => Escaped(code),
    };

    private string Date(DateTimeOffset date)
    {
        var text = date == DateTimeOffset.MinValue ? "2023-02-11T00:00:00Z" : date.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return random.Next(4) switch { 0 => text[..4], 1 => text[..7], 2 => text[..10], _ => text };
    }

    private string Number(decimal number) => random.Next(3) switch
    {
        0 => number.ToString("0", CultureInfo.InvariantCulture),
        1 => number.ToString("0.0", CultureInfo.InvariantCulture),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private string Cut(string text)
    {
        if (text.Length == 0)
        {
            return "none";
        }

        var cut = text[..random.Next(1, text.Length + 1)];
        return NormalText.Of(cut).Length > 0 ? cut : NormalText.Of(text).Length > 0 ? text : "none";
    }

    private static IEnumerable<SearchParameter> References(string type) => SearchParameterSet.Served.For(type).Where(p => p.Type == SearchParameterType.Reference);

    private static string Escaped(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal).Replace("|", @"\|", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal);

    private T Pick<T>(T[] of) => of[random.Next(of.Length)];

    private bool Chance(double of) => random.NextDouble() < of;
}
