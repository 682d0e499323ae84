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
        "address-city", "birthdate", "gender", "general-practitioner", "organization", "result", "_lastUpdated", "_tag", "_profile", "identifier", "actor", "class", "nonsense");

    private static readonly Gen<string> Modifier = Gen.Frequency((6, Gen.Constant("")), (1, Gen.Elements(":missing", ":not", ":exact", ":contains", ":Patient", ":identifier", ":text", ":nonsense", ":", ":Observation")));

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

    private static readonly Gen<string> Query =
        from type in Gen.Elements(Types)
        from criteria in (from k in Key from v in Value select $"{Uri.EscapeDataString(k)}={Uri.EscapeDataString(v)}").ArrayOf(2)
        from some in Gen.Choose(0, 2)
        from results in Result.ArrayOf(2)
        from more in Gen.Choose(0, 2)
        select $"{type}?{string.Join('&', criteria.Take(some).Concat(results.Take(more)))}";

    [Fact]
    public void A_random_search_by_X_finds_counts_and_includes_only_what_X_has()
    {
        var found = 0;
        Prop.ForAll(Query.ToArbitrary(), query =>
        {
            var answer = world.Server.GetAsync("fhir/" + query, world.OfX).GetAwaiter().GetResult();
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{query}: {answer.Status} {answer.Text}");
            if (answer.Status != HttpStatusCode.OK)
            {
                Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
                return;
            }
            var type = query[..query.IndexOf('?', StringComparison.Ordinal)];
            foreach (var (reference, mode) in answer.Entries.Where(e => e.Mode != "outcome"))
            {
                var parts = reference.Split('/');
                Assert.True(OfX.GetValueOrDefault(parts[0], []).Contains(parts[1]), $"{query} brought {reference} as {mode}");
                Assert.True(mode == "include" || parts[0] == type, $"{query} matched {reference}");
                found++;
            }
            Assert.True(!answer.Json.TryGetProperty("total", out var total) || total.GetInt32() <= OfX[type].Length, $"{query} counted {total}");
            Assert.True(!answer.Json.TryGetProperty("entry", out var entries) || !entries.GetRawText().Contains(TwoPatients.Canary, StringComparison.Ordinal), query);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600));
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
