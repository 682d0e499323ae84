using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fuzz.Mutation;

namespace FhirFacade.Fuzz.Targets;

/// <summary>FHIRPath: compile and evaluate over a resource. The first byte of the input names the resource.</summary>
internal sealed class FhirPathTarget : FuzzTarget
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "(", ")", "((((", "))))", "[", "]", "{}", ".", ",", "'", "`", "\\u12", "@2024-02-30T25", "@T", "1'mg'", "99999999999999999999", "$this", "%resource", "%`x`", " and ", " or ", " implies ", " is ", " as ", "|", "&", "~", "-", "+", "*", "/*", "//", "é", "\u2028",
        }.Select(Encoding.UTF8.GetBytes), [0xff], [0],
    ];

    private readonly string[] _expressions = [.. Expressions().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    private readonly JsonDocument[] _resources = [.. Seeds.Resources.Take(64).Select(json => JsonDocument.Parse(json))];

    public override string Name => "fhirpath";

    public override bool Feed(byte[] input)
    {
        if (input.Length == 0)
        {
            return false;
        }

        var resource = _resources[input[0] % _resources.Length].RootElement;
        var text = Encoding.UTF8.GetString(input.AsSpan(1));
        try
        {
            var expression = FhirPathExpression.Compile(text);
            foreach (var value in expression.Evaluate(resource, new FhirPathContext { Now = DateTimeOffset.UnixEpoch, Resolve = _ => resource, MemberOf = (_, _, _) => null, ConformsTo = (_, _) => null }).Take(1000))
            {
                _ = value.ToString();
            }

            _ = expression.Test(resource);
            return true;
        }
        catch (Exception error) when (error is FhirPathSyntaxException or FhirPathEvaluationException)
        {
            FuzzViolation.Unless(error.Message.Length is > 0 and < 2000, "an error says what is wrong");
            return false;
        }
    }

    protected override byte[] Make(Random random)
    {
        var text = random.Next(2) == 0 ? new FhirPathGrammar(random).Expression() : _expressions[random.Next(_expressions.Length)];
        if (random.Next(3) == 0)
        {
            var other = _expressions[random.Next(_expressions.Length)];
            text = random.Next(4) switch
            {
                0 => $"({text}) {FhirPathGrammar.Operators[random.Next(FhirPathGrammar.Operators.Length)]} ({other})",
                1 => $"{text}.select({other})",
                2 => $"iif({text}, {other}, {text})",
                _ => Nested(text, random.Next(1, 300), random.Next(4)),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)random.Next(256), .. random.Next(2) == 0 ? ByteMutator.Mutate(bytes, random, Pieces) : bytes];
    }

    private static string Nested(string text, int depth, int kind) => kind switch
    {
        0 => new string('(', depth) + text + new string(')', depth),
        1 => string.Concat(Enumerable.Repeat("select(", depth)) + text + new string(')', depth),
        2 => string.Concat(Enumerable.Repeat("-", depth)) + text,
        _ => text + string.Concat(Enumerable.Repeat(" | " + text[..Math.Min(text.Length, 40)], depth)),
    };

    private static IEnumerable<string> Expressions() =>
        R4.Definitions.Types.SelectMany(type => type.Constraints.Concat(type.Elements.SelectMany(element => element.Constraints))).Select(constraint => constraint.Expression)
            .Concat(R4.Definitions.ResourceTypes.SelectMany(SearchParameterSet.R4.For).Select(parameter => parameter.Expression)).Where(text => text.Length > 0);
}
