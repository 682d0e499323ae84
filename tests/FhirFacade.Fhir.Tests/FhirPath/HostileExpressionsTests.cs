using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.FhirPath;

public sealed class HostileExpressionsTests
{
    private static readonly string[] pieces =
    [
        "name", "given", "Patient", ".", ".", "(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", " div ", " mod ", "|", "&", "=", "!=", "~", "!~", "<", ">=",
        " and ", " or ", " xor ", " implies ", " is ", " as ", " in ", " contains ", "1", "0", "2.5", "9999999999", "'x'", "''", "'\\u12'", "@2024", "@T12", "@2024-01-01T00:00:00+14:00",
        "1 'mg'", "3 days", "$this", "$index", "$total", "%resource", "%x", "`a`", "``", "true", "{}", ".where(", ".select(", ".first()", ".count()", ".repeat(", ".sort(", ".toQuantity()",
        ".descendants()", ".children()", ".resolve()", ".lowBoundary(", ".highBoundary()", ".substring(", ".matches(", ".replace(", ".power(", ".round(", ".iif(", ".type()", "now()", "/*", "//", "\\", "\"", "é",
        ".ofType(", "String", ".aggregate(", ".exclude(", ".toString()", ".convertsToDate()", "9223372036854775807L", "79228162514264337593543950335",
    ];

    [Fact]
    public void A_chain_of_signs_is_evaluated_once_each()
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Patient","multipleBirthInteger":3}""");
        Assert.Equal(3, FhirPathExpression.Compile(string.Concat(Enumerable.Repeat("-+", 100)) + "multipleBirth").Evaluate(document.RootElement).Single().Value);
    }

    [Fact]
    public void A_sort_of_what_has_no_order_is_an_evaluation_error()
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Patient","name":[{"family":"a"},{"family":"b"}]}""");
        Assert.Throws<FhirPathEvaluationException>(() => FhirPathExpression.Compile("name.sort()").Evaluate(document.RootElement));
    }

    [Fact]
    public void Any_text_is_an_expression_or_a_syntax_error_and_its_evaluation_ends()
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Patient","name":[{"given":["a","b"]},{"family":"c"}],"birthDate":"2024-02","multipleBirthInteger":3}""");
        var texts = Gen.Choose(1, 14).SelectMany(length => Gen.Elements(pieces).ArrayOf(length)).Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            try
            {
                _ = FhirPathExpression.Compile(text).Evaluate(document.RootElement);
            }
            catch (Exception error) when (error is FhirPathSyntaxException or FhirPathEvaluationException)
            {
                Assert.NotEmpty(error.Message);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }
}
