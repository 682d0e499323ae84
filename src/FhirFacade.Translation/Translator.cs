using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation;

/// <summary>
/// HL7 v2 messages to FHIR R4 resources, as the tables under <c>conformance/v2-to-fhir</c> say. Pure: no clock, no I/O; the same message and
/// profile give the same result. Safe for concurrent use.
/// </summary>
public sealed class Translator
{
    private static readonly Lazy<Translator> Embedded = new(static () => new Translator(MapSet.BuiltIn));
    private readonly MapSet _maps;

    internal Translator(MapSet maps) => _maps = maps;

    /// <summary>With the tables of this build, compiled when first asked for.</summary>
    public static Translator Default => Embedded.Value;

    /// <summary>
    /// Never throws on content. A failed result has no resources: nothing of such a message may be stored.
    /// </summary>
    /// <param name="message">Any message.</param>
    /// <param name="profile">Of the feed it came by.</param>
    public TranslationResult Translate(Hl7Message message, FeedProfile profile)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(profile);
        var scope = new MessageScope(message, profile, _maps);
        if (FhirText.Code(message[0][9][1]) is null)
        {
            scope.Error(Table0357.RequiredFieldMissing, "MSH-9.1", "the type of the message");
            return Result(scope, []);
        }

        var walk = new MessageWalk(scope);
        walk.Run();
        var isFailure = scope.Issues.Any(static i => i.Severity == Hl7Severity.Error);
        if (isFailure)
        {
            return Result(scope, []);
        }

        var time = EventTime.Of(scope);
        return Result(scope, [.. scope.Resources.All.Select(d => d.Finish(time, EventTime.IsNamedInPassing(d, walk)))]) with
        {
            Retired = Snapshot.Retired(walk, time),
            Moves = [.. walk.Moves],
        };
    }

    private static TranslationResult Result(MessageScope scope, ImmutableArray<TranslatedResource> resources) =>
        new(resources, [.. scope.Issues], [.. scope.Use.Unmapped()], [.. scope.Lineage]);
}
