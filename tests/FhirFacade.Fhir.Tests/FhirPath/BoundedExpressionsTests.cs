using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using Xunit;

namespace FhirFacade.Fhir.Tests.FhirPath;

/// <summary>Expressions that would take all time, memory or stack: each ends with an error, or is short work after all.</summary>
public sealed class BoundedExpressionsTests
{
    private static readonly JsonElement patient = Parse("""
        {"resourceType":"Patient","name":[{"family":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!","given":["a","b","c","d","e","f","g","h","i","j"]}],
         "contact":[{"name":{"given":["k","l","m","n","o","p","q","r","s","t"]}}]}
        """);

    [Theory]
    [InlineData("'a'.replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa').replace('a','aaaaaaaaaa')")]
    [InlineData("(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24).aggregate($total & $total, 'aaaaaaaaaa')")]
    [InlineData("(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24).aggregate($total + $total, 'aaaaaaaaaa')")]
    [InlineData("(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24).aggregate($total.combine($total), 'a')")]
    [InlineData("(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24).aggregate($total.encode('hex'), 'a')")]
    [InlineData("(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24).aggregate($total.replaceMatches('.', '$0$0'), 'a')")]
    [InlineData("(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24).aggregate(($total | 'b').join($total), 'aaaaaaaa')")]
    [InlineData("(1).repeatAll($this.combine($this))")]
    [InlineData("(1).repeatAll($this)")]
    [InlineData("(1).repeat($this + 1)")]
    [InlineData("descendants().select(%resource.descendants()).select(%resource.descendants()).select(%resource.descendants()).select(%resource.descendants())")]
    [InlineData("descendants().where(%resource.descendants().where(%resource.descendants().where(%resource.descendants().where(%resource.descendants().where(true).exists()).exists()).exists()).exists())")]
    [InlineData("name.family.matches('^(a+)+(?=b)$')")]
    [InlineData("name.family.replaceMatches('^(a|aa)+(?=b)$', 'x')")]
    public void What_would_never_end_is_an_error(string expression) =>
        Assert.Throws<FhirPathEvaluationException>(() => FhirPathExpression.Compile(expression).Evaluate(patient));

    [Theory]
    [InlineData("name.family.matches('^(a+)+$')", "false")]
    [InlineData("(1).repeat($this).count()", "1")]
    [InlineData("name.repeat(%resource.name).count()", "1")]
    [InlineData("name.family.indexOf('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')", "-1")]
    public void What_only_looks_endless_ends(string expression, string expected) =>
        Assert.Equal(expected, Assert.Single(FhirPathExpression.Compile(expression).Evaluate(patient)).ToString());

    [Theory]
    [InlineData("(", "name", ")")]
    [InlineData("name.where(", "true", ")")]
    [InlineData("-", "1", "")]
    [InlineData("name[", "0", "]")]
    [InlineData("name.", "family", "")]
    [InlineData("1 + ", "1", "")]
    [InlineData("1 | (", "1", ")")]
    [InlineData("name.select(%", "resource", ")")]
    [InlineData("iif(true, ", "1", ")")]
    [InlineData("a is ", "Patient", "")]
    public void Nesting_to_any_depth_is_a_syntax_error_and_no_end_of_the_stack(string open, string core, string close)
    {
        foreach (var depth in (int[])[240, 300, 5_000])
        {
            var text = new StringBuilder().Insert(0, open, depth).Append(core).Append(new StringBuilder().Insert(0, close, depth)).ToString();
            try
            {
                _ = FhirPathExpression.Compile(text).Evaluate(patient);
                Assert.True(depth < 300, "so deep an expression is refused");
            }
            catch (Exception error) when (error is FhirPathSyntaxException or FhirPathEvaluationException)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void A_pattern_that_would_fill_the_memory_is_refused_or_ends()
    {
        var pattern = "(((((((((a{1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99})b";
        try
        {
            Assert.Equal("false", Assert.Single(FhirPathExpression.Compile($"name.family.matches('{pattern}')").Evaluate(patient)).ToString());
        }
        catch (FhirPathEvaluationException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    [Fact]
    public void One_compiled_expression_answers_sixteen_threads_each_by_its_own_resource()
    {
        var expressions = new[]
        {
            "name.given.count() + name.where(use = 'x').count()",
            "name.family.matches('^[a-z0-9]+$')",
            "name.repeat(given).distinct().count()",
            "descendants().where($this is string).select($this.toString().length()).aggregate($total + $this, 0)",
            "name.defineVariable('n', given.count()).select(%n).aggregate($total + $this, 0)",
            "extension('http://x').value.subsumes(extension('http://x').value)",
        }.Select(text => FhirPathExpression.Compile(text)).ToArray();
        var resources = Enumerable.Range(0, 16).Select(number => Parse($$$"""
            {"resourceType":"Patient","name":[{"use":"x","family":"n{{{number}}}","given":[{{{Givens(number + 1)}}}]}],
             "extension":[{"url":"http://x","valueCoding":{"system":"http://hl7.org/fhir/administrative-gender","code":"male"}}]}
            """)).ToArray();
        var alone = resources.Select(resource => Answers(expressions, resource)).ToArray();
        Assert.Equal(16, alone.Distinct().Count());

        using var together = new Barrier(16);
        var threads = Enumerable.Range(0, 16).Select(number => new Thread(() =>
        {
            together.SignalAndWait();
            for (var round = 0; round < 200; round++)
            {
                if (Answers(expressions, resources[number]) != alone[number])
                {
                    alone[number] = "another answer";
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.DoesNotContain("another answer", alone);
    }

    private static string Givens(int count) => string.Join(',', Enumerable.Range(0, count).Select(number => $"\"g{number}\""));

    private static string Answers(FhirPathExpression[] expressions, JsonElement resource) =>
        string.Join(';', expressions.Select(expression => string.Join(',', expression.Evaluate(resource))));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
