namespace FhirFacade.Fuzz.Mutation;

/// <summary>Expressions that are FHIRPath by their form.</summary>
internal sealed class FhirPathGrammar(Random random)
{
    public static readonly string[] Operators = ["+", "-", "*", "/", "div", "mod", "&", "|", "=", "!=", "~", "!~", "<", "<=", ">", ">=", "and", "or", "xor", "implies", "in", "contains"];

    private static readonly string[] Names =
        ["name", "given", "family", "value", "code", "coding", "system", "entry", "resource", "extension", "contained", "id", "subject", "reference", "birthDate", "period", "start", "identifier", "component", "text", "div", "meta", "Patient", "Observation", "Bundle"];

    private static readonly string[] Literals =
    [
        "{}", "true", "false", "0", "1", "-1", "2147483647", "2147483648", "0.0", "1.5", "79228162514264337593543950335", "0.00000000000000000000000000001", "''", "'a'", "'1'", "'2024-01-01'", "'\\u00e9'",
        "@2024", "@2024-02", "@2024-02-29", "@2024-02-29T10:00:00.000+14:00", "@T10:00", "@9999-12-31", "@0001-01-01", "1 year", "3 days", "4 'mg'", "1000000000 's'", "1 '1'", "$this", "$index", "$total", "%resource", "%context", "%ucum", "%rootResource",
    ];

    private static readonly string[] Nullary =
    [
        "empty", "not", "exists", "allTrue", "anyFalse", "count", "distinct", "isDistinct", "first", "last", "tail", "single", "children", "descendants", "toString", "toInteger", "toDecimal", "toDate", "toDateTime", "toTime", "toBoolean", "toQuantity",
        "convertsToQuantity", "convertsToDate", "length", "upper", "lower", "trim", "toChars", "abs", "ceiling", "floor", "truncate", "exp", "ln", "sqrt", "now", "today", "timeOfDay", "type", "hasValue", "getValue", "resolve", "lowBoundary", "highBoundary", "precision", "htmlChecks", "encode", "sort",
    ];

    private static readonly string[] Unary =
    [
        "where", "select", "all", "exists", "repeat", "take", "skip", "union", "combine", "intersect", "exclude", "subsetOf", "supersetOf", "indexOf", "startsWith", "endsWith", "contains", "matches", "matchesFull", "split", "join", "substring", "round", "power", "log", "trace", "extension",
        "memberOf", "conformsTo", "subsumes", "lowBoundary", "highBoundary", "comparable", "escape", "unescape", "encode", "decode", "aggregate", "toQuantity",
    ];

    private static readonly string[] TypeNames = ["Patient", "Quantity", "string", "System.String", "FHIR.code", "Boolean", "date", "DateTime", "Resource", "Nothing", "integer"];

    private int _left = 40;

    public string Expression()
    {
        if (_left-- <= 0)
        {
            return Names[random.Next(Names.Length)];
        }

        return random.Next(12) switch
        {
            0 => Literals[random.Next(Literals.Length)],
            1 => Names[random.Next(Names.Length)],
            2 => $"({Expression()})",
            3 => $"{Expression()}.{Names[random.Next(Names.Length)]}",
            4 => $"{Expression()}[{Expression()}]",
            5 => $"{Expression()} {Operators[random.Next(Operators.Length)]} {Expression()}",
            6 or 7 => $"{Expression()}.{Nullary[random.Next(Nullary.Length)]}()",
            8 or 9 => $"{Expression()}.{Unary[random.Next(Unary.Length)]}({Expression()})",
            10 => $"{Expression()}.{(random.Next(2) == 0 ? "ofType" : "as")}({TypeNames[random.Next(TypeNames.Length)]})",
            _ => random.Next(3) switch
            {
                0 => $"iif({Expression()}, {Expression()}, {Expression()})",
                1 => $"{Expression()}.replace({Expression()}, {Expression()})",
                _ => $"{Expression()} {(random.Next(2) == 0 ? "is" : "as")} {TypeNames[random.Next(TypeNames.Length)]}",
            },
        };
    }
}
