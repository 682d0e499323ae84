using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using Xunit;

namespace FhirFacade.Fhir.Tests.FhirPath;

public sealed class ExpressionsTests
{
    private static readonly JsonElement patient = Parse("""
        {"resourceType":"Patient","id":"p","active":true,"birthDate":"1980-02-03","_birthDate":{"extension":[{"url":"http://x/time","valueDateTime":"1980-02-03T04:05:06Z"}]},
         "name":[{"use":"official","family":"Ng","given":["Ann","B"]},{"use":"nickname","given":[null,"Nan"],"_given":[{"extension":[{"url":"u","valueCode":"masked"}]},null]}],
         "contact":[{"name":{"family":"Kin"},"relationship":[{"coding":[{"system":"r","code":"N"}]}]}],
         "deceasedBoolean":false,"multipleBirthInteger":2,
         "contained":[{"resourceType":"Organization","id":"o","name":"Clinic"}],"managingOrganization":{"reference":"#o"}}
        """);

    [Theory]
    [InlineData("Patient.name.given", "Ann|B||Nan")]
    [InlineData("name.where(use = 'official').given.last()", "B")]
    [InlineData("name[1].given.hasValue()", "false")]
    [InlineData("name[1].given[0].extension('u').value", "masked")]
    [InlineData("name.given.where(hasValue()).count()", "3")]
    [InlineData("birthDate.extension('http://x/time').value.toTime()", "")]
    [InlineData("birthDate.extension('http://x/time').value", "1980-02-03T04:05:06Z")]
    [InlineData("deceased", "false")]
    [InlineData("deceased is boolean", "true")]
    [InlineData("deceased.ofType(dateTime)", "")]
    [InlineData("multipleBirth + 1", "3")]
    [InlineData("contact.name.family", "Kin")]
    [InlineData("contact.relationship.coding.where(system='r').code", "N")]
    [InlineData("managingOrganization.resolve().name", "Clinic")]
    [InlineData("managingOrganization.resolve() is Organization", "true")]
    [InlineData("contained.ofType(Organization).name", "Clinic")]
    [InlineData("Organization.name", "")]
    [InlineData("Resource.id", "p")]
    [InlineData("DomainResource.contained.id", "o")]
    [InlineData("%resource.id | %context.id", "p")]
    [InlineData("name.family.exists() and deceased != true", "true")]
    [InlineData("name.select(given.first() + family.first())", "AnnNg")]
    [InlineData("name.select($index)", "0|1")]
    [InlineData("descendants().ofType(code)", "official|nickname|masked|N")]
    [InlineData("name.use.combine(name.use).distinct().count()", "2")]
    [InlineData("name.defineVariable('n').select(%n.count())", "2|2")]
    [InlineData("defineVariable('n', 1).select(%n) | defineVariable('n', 2).select(%n)", "1|2")]
    [InlineData("(1 | 2 | 3).aggregate($this + $total, 0)", "6")]
    [InlineData("'a,b'.split(',').join('-')", "a-b")]
    [InlineData("1.0 = 1", "true")]
    [InlineData("5 'mg' < 1 'g'", "true")]
    [InlineData("1 'mg' = 1 'mL'", "false")]
    [InlineData("5 'mg' + 1 'g'", "1005 'mg'")]
    [InlineData("98.6 '[degF]' = 37 'Cel'", "true")]
    [InlineData("36 'Cel' < 98.6 '[degF]'", "true")]
    [InlineData("37 'Cel' + 1 'K'", "")]
    [InlineData("1 'Cel' * 1 'm'", "")]
    [InlineData("120 'mm[Hg]' ~ 16.0 'kPa'", "true")]
    [InlineData("4.5 '10*3/uL' = 4.5 '10*9/L'", "true")]
    [InlineData("1 '[iU]/L' = 1 'm[iU]/mL'", "true")]
    [InlineData("1 '[iU]' = 1 'mg'", "false")]
    [InlineData("1 '[iU]' < 1 'mg'", "")]
    [InlineData("2 'pack' = 2 'pack'", "true")]
    [InlineData("2 'pack' > 1 'box'", "")]
    [InlineData("2 'pack' * 1 'm'", "")]
    [InlineData("1 year = 1 'a'", "")]
    [InlineData("1 year ~ 1 'a'", "true")]
    [InlineData("1 month = 1 'mo'", "")]
    [InlineData("1 month ~ 1 'mo'", "true")]
    [InlineData("1 year > 1 'mo'", "")]
    [InlineData("1 year = 12 months", "true")]
    [InlineData("79228162514264337593543950335 years > 1 month", "")]
    [InlineData("7 days = 1 'wk'", "true")]
    [InlineData("1 'a' = 12 'mo'", "true")]
    [InlineData("2 days * 3 '1'", "6 days")]
    [InlineData("6 'm' / 2 '/s'", "3 'm.s'")]
    [InlineData("6 'g' / 2 'mol/(kg.s)'", "3 'g/mol.(kg.s)'")]
    [InlineData("6 'mol' / 2 '{a/b}.g'", "3 'mol/{a/b}/g'")]
    [InlineData("1 '[lb_av]' / 1 'g'", "453.59237 '1'")]
    [InlineData("(180 '[lb_av]').toQuantity('kg')", "81.6466266 'kg'")]
    [InlineData("(98.6 '[degF]').toQuantity('Cel')", "37 'Cel'")]
    [InlineData("(48 hours).toQuantity('days')", "2 days")]
    [InlineData("(24 months).toQuantity('years')", "2 years")]
    [InlineData("(1 year).toQuantity('a')", "")]
    [InlineData("(1 'g').toQuantity('L')", "")]
    [InlineData("@2024-01-31 + 1 month", "2024-02-29")]
    [InlineData("@2024 = @2024-01", "")]
    [InlineData("@2024-01-01T10:00:00Z = @2024-01-01T12:00:00+02:00", "true")]
    [InlineData("@2024-01-01T10:00:00Z < @2024-01-01T20:00:00", "")]
    [InlineData("@2024-01-01T10:00:00Z < @2024-01-02T10:00:00", "true")]
    [InlineData("@T23:00 + 2 hours", "01:00")]
    [InlineData("{} and false", "false")]
    [InlineData("{} or false", "")]
    [InlineData("{} implies true", "true")]
    [InlineData("7 div 2", "3")]
    [InlineData("7 / 0", "")]
    [InlineData("2147483647 + 1", "")]
    [InlineData("'x' & {} & 'y'", "xy")]
    [InlineData("'2024-05'.toDate()", "2024-05")]
    [InlineData("'1.50 \\'mg\\''.toQuantity().value", "1.50")]
    [InlineData("name.type().name", "HumanName|HumanName")]
    [InlineData("contact.type().name", "Patient.contact")]
    [InlineData("birthDate is date and birthDate is Date", "false")]
    [InlineData("iif(active, 'yes', 1/0)", "yes")]
    [InlineData("now() > @2020-01-01T00:00:00Z", "true")]
    [InlineData("`Patient`.`active`", "true")]
    [InlineData("repeat(contained | managingOrganization).count()", "2")]
    [InlineData("active.memberOf('http://no/such')", "")]
    [InlineData("name.first().use.memberOf('http://hl7.org/fhir/ValueSet/name-use')", "true")]
    [InlineData("name.first().family.memberOf('http://hl7.org/fhir/ValueSet/name-use')", "false")]
    [InlineData("name.given.select(toString()).all($this = 'Ann')", "false")]
    public void An_expression_gives(string expression, string expected) => Assert.Equal(
        expected,
        string.Join('|', FhirPathExpression.Compile(expression).Evaluate(patient).Select(v => v.Value is null && v.Json.ValueKind == JsonValueKind.Undefined ? "" : v.ToString())));

    [Theory]
    [InlineData("", 0)]
    [InlineData("name.", 5)]
    [InlineData("name given", 5)]
    [InlineData("'abc", 0)]
    [InlineData("'\\x'", 1)]
    [InlineData("(1", 2)]
    [InlineData("1 +", 3)]
    [InlineData("noSuchFunction()", 0)]
    [InlineData("name.first(1)", 5)]
    [InlineData("name is NoSuchType", 8)]
    [InlineData("@2024-02-30", 0)]
    [InlineData("99999999999", 0)]
    [InlineData("$those", 0)]
    [InlineData("a ; b", 2)]
    [InlineData("/* open", 0)]
    public void What_is_no_expression_is_refused_with_its_position(string text, int position)
    {
        var error = Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile(text));
        Assert.Equal(position, error.Position);
    }

    [Theory]
    [InlineData("name.given1", 5)]
    [InlineData("Encounter.name", 0)]
    [InlineData("deceasedBoolean", 0)]
    [InlineData("(deceased as boolean).start", 22)]
    [InlineData("name.where(famly = 'x')", 11)]
    [InlineData("children().skip(1)", 11)]
    [InlineData("contact.name.select(famly)", 20)]
    public void What_the_type_can_never_have_is_refused_where_the_type_is_known(string text, int position)
    {
        _ = FhirPathExpression.Compile(text);
        Assert.Equal(position, Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile(text, "Patient")).Position);
    }

    [Theory]
    [InlineData("name.given.first() | contact.name.family")]
    [InlineData("contained.where(code.exists())")]
    [InlineData("managingOrganization.resolve().name")]
    [InlineData("extension('u').value.coding.code")]
    [InlineData("contact.relationship.coding.where($this.system = 'x')")]
    [InlineData("Resource.id | DomainResource.text.status")]
    public void What_the_type_may_have_is_accepted(string text) => Assert.Equal(text, FhirPathExpression.Compile(text, "Patient").Text);

    [Theory]
    [InlineData("name.single()")]
    [InlineData("name.family + name")]
    [InlineData("active < 1")]
    [InlineData("name.upper()")]
    [InlineData("%noSuchConstant")]
    [InlineData("'a'.matches('(')")]
    [InlineData("1.repeat($this + 1)")]
    [InlineData("name.use.memberOf('http://hl7.org/fhir/ValueSet/name-use')")]
    public void What_the_specification_calls_an_error_is_one(string text) =>
        Assert.Throws<FhirPathEvaluationException>(() => FhirPathExpression.Compile(text).Evaluate(patient));

    [Fact]
    public void Nesting_beyond_measure_is_refused_instead_of_exhausting_the_stack()
    {
        Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile(new string('(', 20_000) + "1" + new string(')', 20_000)));
        Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile(new string('-', 20_000) + "1"));
        Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile("a" + string.Concat(Enumerable.Repeat(".a", 20_000))));
        Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile("1" + string.Concat(Enumerable.Repeat("+1", 20_000))));
    }

    [Fact]
    public void A_condition_on_one_element_sees_the_resource_around_it()
    {
        var names = FhirPathExpression.Compile("name").Evaluate(patient);
        var rule = FhirPathExpression.Compile("use = 'official' and %resource.active and $this.family.exists()");
        Assert.True(rule.Test(patient, names[0]));
        Assert.False(rule.Test(patient, names[1]));
        Assert.Null(FhirPathExpression.Compile("{}").Test(patient));
    }

    [Fact]
    public void The_context_gives_the_time_variables_targets_and_takes_traces()
    {
        var organization = Parse("""{"resourceType":"Organization","id":"far","name":"Far"}""");
        var observation = Parse("""{"resourceType":"Observation","performer":[{"reference":"Organization/far"},{"reference":"Organization/lost"}]}""");
        var traced = new List<string>();
        var context = new FhirPathContext
        {
            Now = new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)),
            Resolve = url => url == "Organization/far" ? organization : null,
            Variables = new Dictionary<string, IReadOnlyList<FhirPathValue>> { ["limit"] = [FhirPathValue.Of(3)] },
            Trace = (name, values) => traced.Add($"{name}:{values.Count}"),
        };

        Assert.Equal("Far", Single("performer.resolve().name", observation, context));
        Assert.Equal("2024-05-06", Single("today()", observation, context));
        Assert.Equal("2024-05-06T07:08:09.000+02:00", Single("now()", observation, context));
        Assert.Equal("4", Single("%limit + 1", observation, context));
        Assert.Equal("2", Single("performer.trace('who').count()", observation, context));
        Assert.Equal(["who:2"], traced);
    }

    [Theory]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><p>Well</p></div>", "true")]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><p onclick='x()'>Well</p></div>", "false")]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'> </div>", "false")]
    [InlineData("<div><p>Well</p></div>", "false")]
    public void The_check_of_narrative_is_the_one_of_the_narrative_rules(string div, string expected)
    {
        var resource = Parse($$"""{ "resourceType": "Basic", "text": { "status": "generated", "div": "{{div}}" } }""");
        Assert.Equal(expected, Single("text.div.htmlChecks()", resource, new FhirPathContext()));
    }

    [Fact]
    public void One_compiled_expression_serves_many_threads()
    {
        var expression = FhirPathExpression.Compile("name.where(given.exists()).select(family | given).count()");
        var observation = Parse("""{"resourceType":"Practitioner","name":[{"family":"A","given":["B"]}]}""");
        Parallel.For(0, 2000, i => Assert.Equal(i % 2 == 0 ? "5" : "2", expression.Evaluate(i % 2 == 0 ? patient : observation)[0].ToString()));
    }

    private static string Single(string expression, JsonElement resource, FhirPathContext context) =>
        Assert.Single(FhirPathExpression.Compile(expression).Evaluate(resource, context)).ToString();

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
