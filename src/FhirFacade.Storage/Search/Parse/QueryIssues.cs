using System.Text.RegularExpressions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Collects what is wrong with a search.</summary>
internal sealed partial class QueryIssues(bool lenient)
{
    private readonly List<Issue> issues = [];

    public IReadOnlyList<Issue> All => issues;

    public bool Refused => issues.Any(i => i.IsError);

    /// <summary>
    /// A parameter that is not known or not offered: ignored with a warning if the client is lenient, an error if it is strict
    /// (https://hl7.org/fhir/R4/search.html#errors).
    /// </summary>
    public void Unsupported(string parameter, string why)
    {
        issues.Add(lenient
            ? Issue.Warning(IssueType.NotSupported, $"{Shown(parameter)}: {why}; ignored", Shown(parameter))
            : Issue.Error(IssueType.NotSupported, $"{Shown(parameter)}: {why}", Shown(parameter)));
    }

    /// <summary>A modifier that is not offered: R4 asks to refuse it, lenient or not, for the result would mean something else.</summary>
    public void UnsupportedModifier(string parameter, string why) =>
        issues.Add(Issue.Error(IssueType.NotSupported, $"{Shown(parameter)}: {why}{ModifierMark}", Shown(parameter)));

    /// <summary>Whether the issue is of <see cref="UnsupportedModifier"/>: nobody may ignore it.</summary>
    public static bool IsModifier(Issue issue) => issue.Diagnostics.EndsWith(ModifierMark, StringComparison.Ordinal);

    private const string ModifierMark = " (a modifier is never ignored)";

    /// <summary>
    /// A parameter of the site by which not all rows are indexed yet: always an error. Ignored, it would find more than was asked for;
    /// used, less.
    /// </summary>
    public void Incomplete(string parameter) =>
        issues.Add(Issue.Error(IssueType.NotSupported, $"{Shown(parameter)}: cannot be searched by before $reindex is through with all resources", Shown(parameter)));

    /// <summary>A value that cannot be read: always an error, for without it the search would find more than was asked for.</summary>
    public void Malformed(string parameter, string rule) =>
        issues.Add(Issue.Error(IssueType.Value, $"{Shown(parameter)}: {rule}", Shown(parameter)));

    /// <summary>More than one search may ask for.</summary>
    public void TooCostly(string parameter, string rule) =>
        issues.Add(Issue.Error("too-costly", $"{Shown(parameter)}: {rule}", Shown(parameter)));

    // A name that does not look like one is not repeated: it may be a misplaced value.
    private static string Shown(string parameter) => Name().IsMatch(parameter) ? parameter : "a parameter";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.:-]{0,120}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
