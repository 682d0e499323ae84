using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Resources;
using FhirFacade.Translation;

namespace FhirFacade.Server.Ingest;

/// <summary>Says in the storage room's words what the translation room made: the two do not know each other.</summary>
internal static class Outcomes
{
    /// <summary>What a message that was translated has become. Moves go first: what it says besides is of what has moved already.</summary>
    /// <param name="read">The message.</param>
    /// <param name="translation">What was made of it.</param>
    /// <param name="receivedAt">When it came: the time of what has no other, so that it stays in its place if it is processed again.</param>
    public static MessageOutcome.Store Of(Hl7ParseResult read, TranslationResult translation, DateTimeOffset receivedAt) => new(
        [.. Moves(translation, receivedAt), .. Changes(translation, receivedAt), .. translation.Retired.Select(retired => Change(retired, receivedAt))],
        translation.Unmapped,
        [
            .. read.Errors.Select(e => Warning(e.Severity, e.Code, e.Location, e.Rule)),
            .. translation.Issues.Select(i => Warning(i.Severity, i.Code, i.Location, i.Rule)),
        ]);

    /// <summary>The first error decides how a message that cannot be parsed is shown.</summary>
    public static MessageOutcome.Fail Of(ImmutableArray<Hl7Error> errors)
    {
        var first = errors.First(e => e.Severity == Hl7Severity.Error);
        return new(new(first.Location, first.Rule, first.Code));
    }

    /// <summary>The first error decides how a message that cannot be translated is shown.</summary>
    public static MessageOutcome.Fail Of(ImmutableArray<TranslationIssue> issues)
    {
        var first = issues.First(i => i.Severity == Hl7Severity.Error);
        return new(new(first.Location, first.Rule, first.Code));
    }

    private static IEnumerable<ResourceChange> Changes(TranslationResult translation, DateTimeOffset receivedAt)
    {
        if (translation.Lineage.IsEmpty)
        {
            return translation.Resources.Select(resource => Change(resource, receivedAt));
        }

        var fields = translation.Lineage.ToLookup(entry => entry.Resource, entry => (entry.Element, entry.Field), StringComparer.Ordinal);
        return translation.Resources.Select(resource =>
            Change(resource, receivedAt) with { Lineage = fields.Contains(resource.Reference) ? ResourceLineage.Of(fields[resource.Reference]) : null });
    }

    private static ResourceChange Change(TranslatedResource resource, DateTimeOffset receivedAt) => new(
        resource.Type, resource.Id, resource.Content, resource.Mode == TranslationMode.Merge ? ChangeMode.Merge : ChangeMode.Replace)
    {
        Presumed = resource.Presumed,
        Removes = resource.Removes,
        Time = resource.IsOfMessage ? null : resource.Time ?? receivedAt,
        IsNamedInPassing = resource.IsNamedInPassing,
    };

    private static ResourceChange Change(RetiredResources retired, DateTimeOffset receivedAt) => new(retired.Type, retired.PatientId, retired.Content, ChangeMode.Merge)
    {
        Others = new(retired.Kept, retired.EncounterId),
        Time = retired.Time ?? receivedAt,
    };

    // The time of the event is that of the patients who merge.
    private static IEnumerable<ResourceChange> Moves(TranslationResult translation, DateTimeOffset receivedAt) => translation.Moves.Select(move =>
        new ResourceChange(move.Type, move.To, [], ChangeMode.Merge)
        {
            Moved = new(move.From, move.FromPatient, move.ToPatient) { Remainder = move.Remainder },
            Time = translation.Resources.Select(static r => r.Time).FirstOrDefault(static t => t is not null) ?? receivedAt,
        });

    private static JournalWarning Warning(Hl7Severity severity, int code, string location, string rule) =>
        new(severity == Hl7Severity.Warning ? "W" : "I", code, location, rule);
}
