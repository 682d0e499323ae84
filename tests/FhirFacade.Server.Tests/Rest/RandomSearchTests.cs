using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Searches that nobody thought of: whatever is asked, a token of X gets what X has, and the server never fails.</summary>
public sealed class RandomSearchTests(TwoPatients world) : IClassFixture<TwoPatients>
{
    private static readonly string[] Types = ["Observation", "Patient", "Encounter", "Condition", "Practitioner", "Organization", "DiagnosticReport", "Appointment"];

    private static readonly Dictionary<string, string[]> OfX = new()
    {
        ["Observation"] = ["moved", "x-1", "x-2", "x-panel", "x-vital"],
        ["Patient"] = ["x"],
        ["Encounter"] = ["x-encounter"],
        ["Condition"] = ["x-condition"],
        ["Practitioner"] = ["doctor"],
        ["Organization"] = ["clinic"],
        ["DiagnosticReport"] = [],
        ["Appointment"] = [],
    };

    private static readonly Gen<string> Value = Gen.Elements(
        "x", "y", "y-1", "x-1", "y-2", "secret", "718-7", "panel", "http://loinc.org|718-7", "|secret", "http://loinc.org|", "Yvonne", "Xavier", "Y", "X",
        "Patient/y", "Patient/x", "Observation/y-2", "Encounter/y-encounter", "2024-05-02", "ge2024-05", "lt2030", "ap2024-05-04", "true", "false", "final", "13.5", "gt13",
        TwoPatients.Canary, "a,b", "\\,", "\\", "$", "|", ",", "", "%", "'", "\"", "\0", "é", "😀", "null", "-1", "1e400", "9999-12-31", "0001-01-01", "*");

    private static readonly Gen<string> Code = Gen.Elements(
        "_id", "code", "subject", "patient", "performer", "has-member", "derived-from", "encounter", "date", "value-quantity", "category", "status", "name", "family",
        "address-city", "birthdate", "gender", "general-practitioner", "organization", "result", "_lastUpdated", "_tag", "_profile", "identifier", "actor", "class", "nonsense",
        "_security", "_source", "code-value-quantity", "component-code-value-quantity", "code-value-concept", "combo-code", "combo-value-quantity", "near", "partof", "phonetic", "url");

    private static readonly Gen<string> Modifier = Gen.Frequency((6, Gen.Constant("")), (1, Gen.Elements(
        ":missing", ":not", ":exact", ":contains", ":Patient", ":identifier", ":text", ":nonsense", ":", ":Observation", ":in", ":not-in", ":above", ":below", ":of-type", ":iterate", ":Device")));

    private static readonly Gen<string> Key = Gen.Frequency(
        (6, Code.Zip(Modifier, (c, m) => c + m)),
        (2, from a in Code from m in Modifier from b in Code select $"{a}{m}.{b}"),
        (1, from a in Code from b in Code from c in Code select $"{a}.{b}.{c}"),
        (3, from t in Gen.Elements(Types) from a in Code from b in Code select $"_has:{t}:{a}:{b}"),
        (1, from t in Gen.Elements(Types) from a in Code from u in Gen.Elements(Types) from b in Code from c in Code select $"_has:{t}:{a}:_has:{u}:{b}:{c}"));

    private static readonly Gen<string> Result = Gen.Frequency(
        (2, from t in Gen.Elements(Types) from c in Code from i in Gen.Elements("", ":iterate") select $"_include{i}={t}:{c}"),
        (3, from t in Gen.Elements(Types) from c in Code from i in Gen.Elements("", ":iterate") select $"_revinclude{i}={t}:{c}"),
        (1, Gen.Elements("_include=*", "_revinclude=*", "_include:iterate=*", "_include=Observation:*", "_revinclude=Observation:*")),
        (2, from c in Code from d in Gen.Elements("", "-") select $"_sort={d}{c}"),
        (2, Gen.Elements("_total=accurate", "_total=estimate", "_count=1", "_count=0", "_summary=true", "_summary=count", "_elements=id", "_summary=text", "_pretty=true", "_count=-1", "_page=x")));

    private static readonly Gen<string> Comparison = Gen.Frequency(
        (8, from k in Code from o in Gen.Elements("eq", "ne", "co", "sw", "ew", "gt", "le", "sa", "ap", "po", "re", "in", "ss") from v in Value select $"{k} {o} {(v.Contains(' ') || v.Contains('"') ? "x" : v)}"),
        (4, from k in Code from v in Value select $"{k} eq \"{v}\""),
        (2, from k in Code from b in Gen.Elements("true", "false", "x") select $"{k} pr {b}"),
        (2, from a in Code from b in Code from v in Value select $"{a}.{b} eq \"{v}\""),
        (1, from a in Code from k in Code select $"{a}[{k} eq y].{k} pr true"));

    private static readonly Gen<string> Filter =
        from a in Comparison
        from b in Comparison
        from shape in Gen.Elements("{0}", "{0} and {1}", "{0} or {1}", "not ({0})", "({0} or {1}) and {0}", "{0} and", "(((")
        select "_filter=" + Uri.EscapeDataString(string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, a, b));

    private static readonly Gen<string> Whole = Gen.Frequency(
        (3, Filter),
        (1, from w in Gen.Elements("_text", "_content") from v in Gen.Elements("person", TwoPatients.Canary, "Yvonne", "x", "a b") select $"{w}={v}"),
        (1, Gen.Elements("_list=y-list", "_list=$current-problems", "_list=a,b", "_query=everything", "_contained=true", "_contained=both", "_contained=false", "_containedType=contained", "_score=1")),
        (1, from lat in Gen.Choose(-100, 100) select $"near={lat}|8|10000|km"),
        (1, from u in Gen.Elements("http://hl7.org/fhir/ValueSet/administrative-gender", "http://nowhere.example", "ValueSet/y", "#x") from k in Gen.Elements("gender", "code", "status") from m in Gen.Elements("in", "not-in", "above", "below") select $"{k}:{m}={Uri.EscapeDataString(u)}"),
        (1, from t in Gen.Elements("MR", "http://terminology.hl7.org/CodeSystem/v2-0203|MR") from v in Value select $"identifier:of-type={Uri.EscapeDataString(t + "|" + v)}"));

    // A type, a compartment, or several types at once; by GET or POST; asked strictly or not.
    private static readonly Gen<string> Place = Gen.Frequency(
        (10, Gen.Elements(Types)),
        (2, from t in Gen.Elements(Types) from c in Gen.Elements("Patient/x", "Patient/y", "Encounter/y-encounter", "Encounter/x-encounter", "Practitioner/doctor", "Patient/none") select $"{c}/{t}"),
        (1, Gen.Elements("Patient/x/*", "Patient/y/*", "Encounter/y-encounter/*", "Practitioner/doctor/*")),
        (2, Gen.Constant("")));

    private static readonly Gen<string> Query =
        from place in Place
        from criteria in Gen.Frequency((5, from k in Key from v in Value select $"{Uri.EscapeDataString(k)}={Uri.EscapeDataString(v)}"), (2, Whole)).ArrayOf(2)
        from some in Gen.Choose(0, 2)
        from results in Gen.Frequency((8, Result), (1, from a in Gen.Elements(Types) from b in Gen.Elements(Types) select $"_type={a},{b}")).ArrayOf(2)
        from more in Gen.Choose(0, 2)
        select $"{place}?{string.Join('&', criteria.Take(some).Concat(results.Take(more)))}";

    private Answer Ask(string query, bool byPost, bool strictly)
    {
        var (place, parameters) = (query[..query.IndexOf('?', StringComparison.Ordinal)], query[(query.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        (string, string)[] headers = [("Prefer", strictly ? "handling=strict" : "handling=lenient")];
        // All of a compartment has no address to post to.
        return byPost && !place.EndsWith('*')
            ? world.Server.SendAsync(HttpMethod.Post, $"fhir/{place}{(place.Length == 0 ? "" : "/")}_search", world.OfX, parameters, "application/x-www-form-urlencoded", headers).GetAwaiter().GetResult()
            : world.Server.GetAsync("fhir/" + query, world.OfX, headers).GetAwaiter().GetResult();
    }

    [Fact]
    public void A_random_search_by_X_finds_counts_and_includes_only_what_X_has()
    {
        var found = 0;
        Prop.ForAll((from q in Query from post in Gen.Elements(true, false) from strict in Gen.Elements(true, false, false) select (q, post, strict)).ToArbitrary(), request =>
        {
            var query = request.q;
            var answer = Ask(query, request.post, request.strict);
            var ofOneType = query[0] != '?' && !query.Contains("*?", StringComparison.Ordinal);
            Assert.True(
                answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest || (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden && (query.Contains('/') || !ofOneType)),
                $"{query}: {answer.Status} {answer.Text}");
            if (answer.Status != HttpStatusCode.OK)
            {
                Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
                return;
            }
            var type = ofOneType ? query[..query.IndexOf('?', StringComparison.Ordinal)].Split('/')[^1] : null;
            foreach (var (reference, mode) in answer.Entries.Where(e => e.Mode != "outcome"))
            {
                var parts = reference.Split('/');
                Assert.True(OfX.GetValueOrDefault(parts[0], []).Contains(parts[1]), $"{query} brought {reference} as {mode}");
                Assert.True(mode == "include" || type is null || parts[0] == type, $"{query} matched {reference}");
                found++;
            }
            var most = type is null ? OfX.Values.Sum(ids => ids.Length) : OfX[type].Length;
            Assert.True(!answer.Json.TryGetProperty("total", out var total) || total.GetInt32() <= most, $"{query} counted {total}");
            Assert.True(!answer.Json.TryGetProperty("entry", out var entries) || !entries.GetRawText().Contains(TwoPatients.Canary, StringComparison.Ordinal), query);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1200));
        Assert.True(found > 100, "hardly a search found anything, so that nothing was tested");
    }

    [Fact]
    public void A_random_path_is_never_a_failure_of_the_server()
    {
        var segment = Gen.Frequency(
            (2, Gen.Elements("Patient", "Observation", "_history", "_search", "x", "y-1", "1", "$everything", "metadata", ".well-known")),
            (1, Value.Where(v => v != "\0").Select(Uri.EscapeDataString)),
            (1, Gen.Elements("..", ".", "%2F", "%5C", "%252e", ";a=b", "a%20b", "")));
        var path = Gen.Choose(0, 5).SelectMany(n => segment.ArrayOf(n)).Select(s => "fhir/" + string.Join('/', s));
        var method = Gen.Elements("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "BREW");
        var body = Gen.Elements<string?>(null, "{}", "[", "{\"resourceType\":\"Patient\"}", "x=y", "\0");
        var type = Gen.Elements("application/fhir+json", "application/x-www-form-urlencoded", "text/plain", "nonsense", "");
        Prop.ForAll((from m in method from p in path from b in body from t in type select (m, p, b, t)).ToArbitrary(), request =>
        {
            var answer = world.Server.SendAsync(new HttpMethod(request.m), request.p, world.OfX, request.b, request.t).GetAwaiter().GetResult();
            Assert.True((int)answer.Status < 500, $"{request}: {answer.Status}");
            Assert.DoesNotContain(TwoPatients.Canary, answer.Text, StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }
}
