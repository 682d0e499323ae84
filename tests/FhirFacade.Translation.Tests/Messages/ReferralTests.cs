using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>REF, RRI: a referral through its events.</summary>
public class ReferralTests
{
    private const string From = "PRD|RP^Referring^HL70286|Reed^Una^^^Dr|2 High St^^Rivertown||^WPN^PH^^^555^1234||D77^NPI|||Rivertown Practice^^77";
    private const string To = "PRD|RT^Referred to^HL70286|Moss^Ian^^^Dr|||||D78^NPI";

    [Theory]
    [InlineData("I12", "P", "active", "requested")]
    [InlineData("I13", "A", "active", "accepted")]
    [InlineData("I13", "R", "revoked", "rejected")]
    [InlineData("I14", "P", "revoked", "cancelled")]
    [InlineData("I12", "QQ", "unknown", "requested")]
    public void The_referral_status_is_that_of_request_and_task(string trigger, string sent, string request, string task)
    {
        var result = Referral(trigger, sent);
        Assert.Equal((request, task), (result.One("ServiceRequest").Text("status"), result.One("Task").Text("status")));
    }

    [Fact]
    public void The_answer_is_about_the_same_referral()
    {
        var asked = Referral("I12", "P");
        var answered = Feed.Translate("RRI^I12^RRI_I12", "MSA|AA|1", Rf1("A"), From, To, Feed.Pid);
        Assert.Equal(asked.One("Task").Text("id"), answered.One("Task").Text("id"));
        Assert.Equal("accepted", MergePatch.Apply(asked.One("Task"), answered.One("Task")).Text("status"));
    }

    [Fact]
    public void Who_asks_whom_for_whom_and_why()
    {
        var result = Referral("I12", "P");
        var request = result.One("ServiceRequest");
        Assert.Equal(("Dr Una Reed", "Dr Ian Moss"), (request.Text("requester.display"), request.Text("performer.0.display")));
        Assert.Equal(("routine", "2024-05-01", "2024-08-01"), (request.Text("priority"), request.Text("occurrencePeriod.start"), request.Text("occurrencePeriod.end")));
        Assert.Equal($"Condition/{result.One("Condition").Text("id")}", request.Text("reasonReference.0.reference"));
        Assert.Equal($"Coverage/{result.One("Coverage").Text("id")}", request.Text("insurance.0.reference"));
        Assert.Contains(request["identifier"]!.AsArray(), i => i.Text("type.text") == "authorization" && i.Text("value") == "AUTH7");
        var task = result.One("Task");
        Assert.Equal($"ServiceRequest/{request.Text("id")}", task.Text("focus.reference"));
        Assert.Equal(request.Text("subject.reference"), task.Text("for.reference"));
        Assert.Equal("Dr Ian Moss", task.Text("owner.display"));
    }

    [Fact]
    public void A_contact_stands_with_its_organization()
    {
        var organizations = Feed.Translate("REF^I12^REF_I12", Rf1("P"), From, "CTD|BILL^Billing^L|Clerk^Cy|||^WPN^PH^^^555^9999", Feed.Pid).All("Organization");
        Assert.Equal("Clerk", Assert.Single(organizations, o => o.Text("name") == "Rivertown Practice").Text("contact.0.name.family"));
    }

    private static string Rf1(string status) => $"RF1|{status}^^HL70283|R^Routine^HL70280|MED^Medical^HL70281||O^Outpatient^HL70284|RF9^GH|20240501|20240801|20240430";

    private static TranslationResult Referral(string trigger, string status) => Feed.Translate(
        $"REF^{trigger}^REF_I12",
        Rf1(status),
        "AUT|PPO|INS1|Insurer|20240501|20240801|AUTH7",
        From,
        To,
        Feed.Pid,
        "IN1|1|PLAN^Plan|INS1^^^GH|Insurer",
        "DG1|1||M17^Gonarthrosis^I10");
}
