using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>
/// Regular expressions. They run without backtracking where the pattern allows it, and under a time limit where it does
/// not, so that no pattern can hold a thread.
/// </summary>
internal static class Patterns
{
    private const int KeptPatterns = 500;
    private static readonly TimeSpan limit = TimeSpan.FromMilliseconds(500);
    private static readonly ConcurrentDictionary<(string Pattern, RegexOptions Options), Regex> compiled = new();

    public static Collection Matches(in Collection input, Node[] arguments, Scope scope) => Test(input, arguments, scope, whole: false);

    public static Collection MatchesFull(in Collection input, Node[] arguments, Scope scope) => Test(input, arguments, scope, whole: true);

    public static Collection ReplaceMatches(in Collection input, Node[] arguments, Scope scope)
    {
        if (Singletons.String(input) is not { } text || Singletons.String(arguments[0].Evaluate(scope)) is not { } pattern
            || Singletons.String(arguments[1].Evaluate(scope)) is not { } substitution)
        {
            return Collection.Empty;
        }

        var length = (long)text.Length;
        return Collection.Of(pattern.Length == 0 ? text : Run(pattern, Flags(arguments, 2, scope), scope.State, regex => regex.Replace(text, match =>
        {
            var result = match.Result(substitution);
            TextLimit.Check(length += result.Length - match.Length);
            return result;
        })));
    }

    private static Collection Test(in Collection input, Node[] arguments, Scope scope, bool whole)
    {
        if (Singletons.String(input) is not { } text || Singletons.String(arguments[0].Evaluate(scope)) is not { } pattern)
        {
            return Collection.Empty;
        }

        return new Collection(Run(whole ? $"^(?:{pattern})\\z" : pattern, Flags(arguments, 1, scope), scope.State, regex => regex.IsMatch(text)));
    }

    private static RegexOptions Flags(Node[] arguments, int index, Scope scope)
    {
        var flags = arguments.Length > index ? Singletons.String(arguments[index].Evaluate(scope)) ?? "" : "";
        return RegexOptions.CultureInvariant | RegexOptions.Singleline
            | (flags.Contains('i', StringComparison.Ordinal) ? RegexOptions.IgnoreCase : RegexOptions.None)
            | (flags.Contains('m', StringComparison.Ordinal) ? RegexOptions.Multiline : RegexOptions.None);
    }

    private static T Run<T>(string pattern, RegexOptions options, EvaluationState state, Func<Regex, T> use)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            return use(Find(pattern, options));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new FhirPathEvaluationException("A regular expression takes too long.");
        }
        finally
        {
            state.SpendOnPattern(Stopwatch.GetElapsedTime(start));
        }
    }

    private static Regex Find(string pattern, RegexOptions options)
    {
        if (compiled.TryGetValue((pattern, options), out var regex))
        {
            return regex;
        }

        regex = Compile(pattern, options);
        if (compiled.Count < KeptPatterns)
        {
            compiled.TryAdd((pattern, options), regex);
        }

        return regex;
    }

    private static Regex Compile(string pattern, RegexOptions options)
    {
        try
        {
            try
            {
                return new Regex(pattern, options | RegexOptions.NonBacktracking, limit);
            }
            catch (NotSupportedException)
            {
                return new Regex(pattern, options, limit);
            }
        }
        catch (ArgumentException)
        {
            throw new FhirPathEvaluationException("A regular expression cannot be read.");
        }
    }
}
