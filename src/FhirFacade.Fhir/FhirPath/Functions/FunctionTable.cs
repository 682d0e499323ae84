using System.Collections.Frozen;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>A function of the library: how many arguments it takes and what it does.</summary>
internal sealed record FunctionDefinition(int Least, int Most, FunctionBody Body);

/// <summary>
/// Every function that is not syntax of its own: https://hl7.org/fhirpath/N1/#functions and
/// https://hl7.org/fhir/R4/fhirpath.html#functions. Type functions (<c>is</c>, <c>as</c>, <c>ofType</c>) and <c>elementDefinition</c> are the compiler's.
/// </summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, FunctionDefinition> functions = new Dictionary<string, FunctionDefinition>
    {
        ["empty"] = new(0, 0, Existence.Empty),
        ["exists"] = new(0, 1, Existence.Exists),
        ["all"] = new(1, 1, Existence.All),
        ["allTrue"] = new(0, 0, Existence.AllTrue),
        ["anyTrue"] = new(0, 0, Existence.AnyTrue),
        ["allFalse"] = new(0, 0, Existence.AllFalse),
        ["anyFalse"] = new(0, 0, Existence.AnyFalse),
        ["subsetOf"] = new(1, 1, Existence.SubsetOf),
        ["supersetOf"] = new(1, 1, Existence.SupersetOf),
        ["count"] = new(0, 0, Existence.Count),
        ["distinct"] = new(0, 0, Existence.Distinct),
        ["isDistinct"] = new(0, 0, Existence.IsDistinct),
        ["not"] = new(0, 0, Existence.Not),

        ["where"] = new(1, 1, Filtering.Where),
        ["select"] = new(1, 1, Filtering.Select),
        ["repeat"] = new(1, 1, Filtering.Repeat),
        ["repeatAll"] = new(1, 1, Filtering.RepeatAll),
        ["sort"] = new(0, int.MaxValue, Filtering.Sort),
        ["aggregate"] = new(1, 2, Filtering.Aggregate),
        ["children"] = new(0, 0, Filtering.Children),
        ["descendants"] = new(0, 0, Filtering.Descendants),

        ["single"] = new(0, 0, Subsetting.Single),
        ["first"] = new(0, 0, Subsetting.First),
        ["last"] = new(0, 0, Subsetting.Last),
        ["tail"] = new(0, 0, Subsetting.Tail),
        ["skip"] = new(1, 1, Subsetting.Skip),
        ["take"] = new(1, 1, Subsetting.Take),
        ["intersect"] = new(1, 1, Subsetting.Intersect),
        ["exclude"] = new(1, 1, Subsetting.Exclude),
        ["union"] = new(1, 1, Subsetting.Union),
        ["combine"] = new(1, 1, Subsetting.Combine),

        ["iif"] = new(2, 3, Conversion.Iif),
        ["toBoolean"] = new(0, 0, Conversion.ToBoolean),
        ["toInteger"] = new(0, 0, Conversion.ToInteger),
        ["toLong"] = new(0, 0, Conversion.ToLong),
        ["toDecimal"] = new(0, 0, Conversion.ToDecimal),
        ["toDate"] = new(0, 0, Conversion.ToDate),
        ["toDateTime"] = new(0, 0, Conversion.ToDateTime),
        ["toTime"] = new(0, 0, Conversion.ToTime),
        ["toQuantity"] = new(0, 1, Conversion.ToQuantity),
        ["toString"] = new(0, 0, Conversion.ToText),
        ["convertsToBoolean"] = new(0, 0, Conversion.Converts(Conversion.ToBoolean)),
        ["convertsToInteger"] = new(0, 0, Conversion.Converts(Conversion.ToInteger)),
        ["convertsToLong"] = new(0, 0, Conversion.Converts(Conversion.ToLong)),
        ["convertsToDecimal"] = new(0, 0, Conversion.Converts(Conversion.ToDecimal)),
        ["convertsToDate"] = new(0, 0, Conversion.Converts(Conversion.ToDate)),
        ["convertsToDateTime"] = new(0, 0, Conversion.Converts(Conversion.ToDateTime)),
        ["convertsToTime"] = new(0, 0, Conversion.Converts(Conversion.ToTime)),
        ["convertsToQuantity"] = new(0, 1, Conversion.Converts(Conversion.ToQuantity)),
        ["convertsToString"] = new(0, 0, Conversion.Converts(Conversion.ToText)),

        ["indexOf"] = new(1, 1, Strings.IndexOf),
        ["lastIndexOf"] = new(1, 1, Strings.LastIndexOf),
        ["substring"] = new(1, 2, Strings.Substring),
        ["startsWith"] = new(1, 1, Strings.StartsWith),
        ["endsWith"] = new(1, 1, Strings.EndsWith),
        ["contains"] = new(1, 1, Strings.Contains),
        ["upper"] = new(0, 0, Strings.Upper),
        ["lower"] = new(0, 0, Strings.Lower),
        ["replace"] = new(2, 2, Strings.Replace),
        ["length"] = new(0, 0, Strings.Length),
        ["toChars"] = new(0, 0, Strings.ToChars),
        ["trim"] = new(0, 0, Strings.Trim),
        ["split"] = new(1, 1, Strings.Split),
        ["join"] = new(0, 1, Strings.Join),
        ["matches"] = new(1, 2, Patterns.Matches),
        ["matchesFull"] = new(1, 2, Patterns.MatchesFull),
        ["replaceMatches"] = new(2, 3, Patterns.ReplaceMatches),
        ["encode"] = new(1, 1, Encodings.Encode),
        ["decode"] = new(1, 1, Encodings.Decode),
        ["escape"] = new(1, 1, Encodings.Escape),
        ["unescape"] = new(1, 1, Encodings.Unescape),

        ["abs"] = new(0, 0, Mathematics.Abs),
        ["ceiling"] = new(0, 0, Mathematics.Ceiling),
        ["exp"] = new(0, 0, Mathematics.Exp),
        ["floor"] = new(0, 0, Mathematics.Floor),
        ["ln"] = new(0, 0, Mathematics.Ln),
        ["log"] = new(1, 1, Mathematics.Log),
        ["power"] = new(1, 1, Mathematics.Power),
        ["round"] = new(0, 1, Mathematics.Round),
        ["sqrt"] = new(0, 0, Mathematics.Sqrt),
        ["truncate"] = new(0, 0, Mathematics.Truncate),

        ["lowBoundary"] = new(0, 1, Boundaries.Low),
        ["highBoundary"] = new(0, 1, Boundaries.High),
        ["precision"] = new(0, 0, Boundaries.Precision),
        ["comparable"] = new(1, 1, Boundaries.Comparable),

        ["trace"] = new(1, 2, Variables.Trace),
        ["now"] = new(0, 0, Clock.Now),
        ["today"] = new(0, 0, Clock.Today),
        ["timeOfDay"] = new(0, 0, Clock.TimeOfDay),
        ["defineVariable"] = new(1, 2, Variables.DefineVariable),
        ["type"] = new(0, 0, Reflection.Type),

        ["extension"] = new(1, 1, FhirFunctions.Extension),
        ["hasValue"] = new(0, 0, FhirFunctions.HasValue),
        ["getValue"] = new(0, 0, FhirFunctions.GetValue),
        ["memberOf"] = new(1, 1, CodeFunctions.MemberOf),
        ["subsumes"] = new(1, 1, CodeFunctions.Subsumes),
        ["subsumedBy"] = new(1, 1, CodeFunctions.SubsumedBy),
        ["slice"] = new(2, 2, FhirFunctions.Slice),
        ["checkModifiers"] = new(0, int.MaxValue, FhirFunctions.CheckModifiers),
        ["conformsTo"] = new(1, 1, FhirFunctions.ConformsTo),
        ["htmlChecks"] = new(0, 0, FhirFunctions.HtmlChecks),
        ["resolve"] = new(0, 0, References.Resolve),
    }.ToFrozenDictionary();

    public static FunctionDefinition? Find(string name) => functions.GetValueOrDefault(name);
}
