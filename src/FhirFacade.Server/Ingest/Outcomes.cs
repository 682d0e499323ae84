using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Resources;
using FhirFacade.Translation;

namespace FhirFacade.Server.Ingest;

/// <summary>Says in the storage room's words what the translation room made: the two do not know each other.</summary>
internal static class Outcomes
{
    /// <summary>What a message that was translated has become.</summary>
    public static MessageOutcome.Store Of(Hl7ParseResult read, TranslationResult translation) => new(
        [.. Changes(translation), .. translation.Retired.Select(Change), .. Moves(translation)],
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

    private static IEnumerable<ResourceChange> Changes(TranslationResult translation)
    {
        if (translation.Lineage.IsEmpty)
        {
            return translation.Resources.Select(Change);
        }

        var fields = translation.Lineage.ToLookup(entry => entry.Resource, entry => (entry.Element, entry.Field), StringComparer.Ordinal);
        return translation.Resources.Select(resource => Change(resource) with { Lineage = fields.Contains(resource.Reference) ? ResourceLineage.Of(fields[resource.Reference]) : null });
    }

    private static ResourceChange Change(TranslatedResource resource) => new(
        resource.Type, resource.Id, resource.Content, resource.Mode == TranslationMode.Merge ? ChangeMode.Merge : ChangeMode.Replace)
    {
        Presumed = resource.Presumed,
        Removes = resource.Removes,
        Time = resource.Time,
    };

    private static ResourceChange Change(RetiredResources retired) => new(retired.Type, retired.PatientId, retired.Content, ChangeMode.Merge)
    {
        Others = new(retired.Kept, retired.EncounterId),
        Time = retired.Time,
    };

    // The time of the event is that of the patients who merge.
    private static IEnumerable<ResourceChange> Moves(TranslationResult translation) => translation.Moves.Select(move =>
        new ResourceChange(move.Type, move.To, [], ChangeMode.Merge)
        {
            Moved = new(move.From, move.FromPatient, move.ToPatient),
            Time = translation.Resources.Select(static r => r.Time).FirstOrDefault(static t => t is not null),
        });

    private static JournalWarning Warning(Hl7Severity severity, int code, string location, string rule) =>
        new(severity == Hl7Severity.Warning ? "W" : "I", code, location, rule);
}
