using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Tests;

/// <summary>The public sample messages about appointments, documents, problems, referrals and billing.</summary>
public class AdministrationCorpusTests
{
    private static readonly string[] Codes = ["SIU", "MDM", "PPR", "PGL", "REF", "RRI", "BAR", "DFT", "MFN", "ACK"];

    // Segments that these assemblies translate.
    private static readonly string[] Ours = ["SCH", "AIS", "AIG", "AIL", "AIP", "RGS", "TXA", "PR1", "GT1", "IN2", "IN3", "FT1", "PRB", "GOL", "VAR", "ROL", "RF1", "PRD", "CTD", "AUT"];

    [Fact]
    public void They_are_valid_in_every_rule_of_R4_and_each_makes_the_resource_that_it_is_about()
    {
        var messages = 0;
        foreach (var (file, message) in Messages())
        {
            messages++;
            var result = Translator.Default.Translate(message, FeedProfile.Default);
            Assert.False(result.IsFailure, file);
            foreach (var resource in result.Resources)
            {
                using var document = JsonDocument.Parse(Feed.Stored(resource).ToJsonString());
                var errors = ResourceValidator.R4.Validate(document.RootElement).Where(i => i.Severity is IssueSeverity.Error or IssueSeverity.Fatal);
                Assert.Empty(errors.Select(i => $"{file}: {resource.Type} {i.Expression} {i.Diagnostics}"));
            }

            if (About(message) is { } about)
            {
                Assert.Contains(result.Resources, r => r.Type == about);
            }
        }

        Assert.True(messages > 60, $"{messages}");
    }

    [Fact]
    public void What_they_leave_out_is_what_R4_has_no_place_for()
    {
        var left = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (_, message) in Messages())
        {
            foreach (var at in Translator.Default.Translate(message, FeedProfile.Default).Unmapped.Select(u => Coordinate.Parse(u)).Where(c => Ours.Contains(c.Segment)))
            {
                left.Add($"{at.Segment}-{at.Field}");
            }
        }

        var reasons = MapFiles.Read("left-out.csv").Select(r => r["field"]!).ToHashSet();
        Assert.True(left.IsSubsetOf(reasons), string.Join(' ', left.Except(reasons)));
    }

    [Fact]
    public void What_is_left_out_has_a_reason_once_and_no_row_that_always_applies()
    {
        var rows = MapFiles.Read("left-out.csv");
        Assert.All(rows, r => Assert.False(string.IsNullOrWhiteSpace(r["reason"])));
        Assert.Equal(rows.Count, rows.Select(r => r["field"]).Distinct().Count());
    }

    private static string? About(Hl7Message message) => message.Get("MSH-9.1").Text switch
    {
        "SIU" when message.First("SCH") is not null => "Appointment",
        "MDM" when message.First("TXA") is not null => "DocumentReference",
        "DFT" when message.First("FT1") is not null => "ChargeItem",
        "REF" => "ServiceRequest",
        "ACK" => "MessageHeader",
        _ => null,
    };

    private static IEnumerable<(string File, Hl7Message Message)> Messages() =>
        from file in TestData.MessageFiles()
        from part in BatchReader.Read(File.ReadAllBytes(file)).Messages
        let message = Hl7Message.Parse(part.Bytes).Message
        where message is not null && Codes.Contains(message.Get("MSH-9.1").Text)
        select (Path.GetFileName(file), message);
}
