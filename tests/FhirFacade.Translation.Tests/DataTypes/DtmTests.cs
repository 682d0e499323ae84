namespace FhirFacade.Translation.Tests.DataTypes;

/// <summary>Times keep what was sent and invent nothing (traps 1 and 2).</summary>
public class DtmTests
{
    [Theory]
    [InlineData("1970", "1970")]
    [InlineData("197006", "1970-06")]
    [InlineData("19700601", "1970-06-01")]
    [InlineData("1970060109", "1970-06-01T09:00:00Z")]
    [InlineData("197006010912", "1970-06-01T09:12:00Z")]
    [InlineData("19700601091233", "1970-06-01T09:12:33Z")]
    [InlineData("19700601091233.1", "1970-06-01T09:12:33.1Z")]
    [InlineData("19700601091233.1234", "1970-06-01T09:12:33.1234Z")]
    [InlineData("19700601091233.123456", "1970-06-01T09:12:33.1234Z")]
    [InlineData("19700601091233-0500", "1970-06-01T09:12:33-05:00")]
    [InlineData("197006010912+0530", "1970-06-01T09:12:00+05:30")]
    [InlineData("19700601+0200", "1970-06-01")]
    [InlineData("19700601000000^D", "1970-06-01")]
    [InlineData("19700601000000^L", "1970-06")]
    public void A_time_keeps_its_precision(string sent, string expected)
    {
        Assert.Equal(expected, Feed.Patient($"{Feed.Pid}||||||||||||||||||||||||{sent}").Text("deceasedDateTime"));
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("19701301")]
    [InlineData("19700231")]
    [InlineData("197006012512")]
    [InlineData("1970-06-01")]
    [InlineData("UNKNOWN")]
    [InlineData("197")]
    [InlineData("19700601091233+9900")]
    public void What_is_no_time_is_an_issue_and_no_value(string sent)
    {
        var result = Feed.Translate("ADT^A08^ADT_A01", $"{Feed.Pid}||||||||||||||||||||||||{sent}");
        Assert.Null(result.One("Patient")["deceasedDateTime"]);
        var issue = Assert.Single(result.FieldIssues());
        Assert.Equal(102, issue.Code);
        Assert.StartsWith("PID-29", issue.Location, StringComparison.Ordinal);
        Assert.DoesNotContain(sent, issue.Rule, StringComparison.Ordinal);
        Assert.False(result.IsFailure);
    }

    [Fact]
    public void The_offset_of_the_message_is_the_default_for_all_its_times()
    {
        var result = Feed.Raw(FeedProfile.Default, @"MSH|^~\&|LAB|GH|FF|GH|20240501120000-0400||ADT^A08^ADT_A01|42|P|2.5.1", $"{Feed.Pid}||||||||||||||||||||||||20240101083000");
        Assert.Equal("2024-01-01T08:30:00-04:00", result.One("Patient").Text("deceasedDateTime"));
    }

    [Theory]
    [InlineData("20240101083000", "2024-01-01T08:30:00+01:00")]
    [InlineData("20240701083000", "2024-07-01T08:30:00+02:00")]
    public void Without_an_offset_in_MSH_7_the_zone_of_the_feed_counts_at_that_time(string sent, string expected)
    {
        var profile = FeedProfile.Default with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        var result = Feed.Translate(profile, "ADT^A08^ADT_A01", $"{Feed.Pid}||||||||||||||||||||||||{sent}");
        Assert.Equal(expected, result.One("Patient").Text("deceasedDateTime"));
    }

    [Fact]
    public void A_time_of_birth_is_an_extension_of_the_date()
    {
        var patient = Feed.Patient($"{Feed.Pid}||197006010912");
        Assert.Equal("1970-06-01", patient.Text("birthDate"));
        Assert.Equal("1970-06-01T09:12:00Z", (string?)patient["_birthDate"].Extension("http://hl7.org/fhir/StructureDefinition/patient-birthTime"));
    }

    [Fact]
    public void A_date_of_birth_has_no_time_invented_for_it()
    {
        Assert.False(Feed.Patient($"{Feed.Pid}||19700601").ContainsKey("_birthDate"));
    }
}
