using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Validation;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Ingest.UsCore;
using FhirFacade.Translation;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Which profiles of US Core the resources of well-filled messages claim, and that they do not where an element is missing. All persons are invented.</summary>
public sealed class UsCoreClaimsTests
{
    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
    private const string Pid = "PID|1||U100^^^GH^MR||Sorrel^Wilma^T||19710412|F||2106-3^White^CDCREC|3 Mill Lane^^Graz^OH^44101^USA||^PRN^PH^^1^440^5550110|||||||||2186-5^Not Hispanic or Latino^CDCREC";
    private const string Pv1 = "PV1|1|I|W1^12^1^GH|R^Routine^HL70007|||1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI|||MED||||7|||1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI|INP|V100^^^GH^VN|||||||||||||||||01||||GH|||||20260309080000+0000";

    private static readonly UsCoreClaims Claims = new(SiteDefinitions.BuiltIn);

    private static readonly string[] Admission =
    [
        Msh("ADT^A01^ADT_A01"), "EVN|A01|20260309080000+0000", Pid, Pv1,
        "AL1|1|DA|70618^Penicillin^RXNORM|SV|Hives", "DG1|1||I10^Essential hypertension^I10C||20260309|A",
        "IN1|1|HMO^Plan^L|INS1^^^INSCO|Insurance Co||||G100|||||||^^^HMO|Sorrel^Wilma|SEL^Self^HL70063|19710412|||||||||||||||||||M100",
    ];

    private static readonly string[] Laboratory =
    [
        Msh("ORU^R01^ORU_R01"), Pid, "ORC|RE|P1^LAB|F1^LAB||CM||||20260309090000+0000|||1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI",
        "OBR|1|P1^LAB|F1^LAB|24323-8^Comprehensive metabolic panel^LN|||20260309083000+0000||||||||SER|1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI||||||20260309100000+0000||CH|F",
        "OBX|1|NM|2345-7^Glucose^LN||98|mg/dL^^UCUM|70-99|N|||F|||20260309083000+0000",
        "SPM|1|S1||119364003^Serum specimen^SCT|||||||||||||20260309083000+0000",
    ];

    private static readonly string[] Signs =
    [
        Msh("ORU^R01^ORU_R01"), Pid, Pv1, "OBR|1|P2^EMR|F2^EMR|85353-1^Vital signs^LN|||20260309083000+0000|||||||||||||||20260309083000+0000||OTH|F",
        "OBX|1|NM|8867-4^Heart rate^LN||72|/min^^UCUM|||||F|||20260309083000+0000",
        "OBX|2|NM|8310-5^Body temperature^LN||37.2|Cel^^UCUM|||||F|||20260309083000+0000",
        "OBX|3|NM|29463-7^Body weight^LN||70|kg^^UCUM|||||F|||20260309083000+0000",
        "OBX|4|CWE|72166-2^Tobacco smoking status^LN||266919005^Never smoked tobacco^SCT||||||F|||20260309083000+0000",
        "OBX|5|CWE|76689-9^Sex assigned at birth^LN||F^Female^HL70001||||||F|||20260309083000+0000",
        "OBX|6|CWE|76691-5^Gender identity^LN||446141000124107^Identifies as female^SCT||||||F|||20260309083000+0000",
        "OBX|7|NM|8480-6^Systolic blood pressure^LN||128|mm[Hg]^^UCUM|||||F|||20260309083000+0000",
        "OBX|8|NM|8462-4^Diastolic blood pressure^LN||82|mm[Hg]^^UCUM|||||F|||20260309083000+0000",
    ];

    private static readonly string[] Vaccination =
    [
        Msh("VXU^V04^VXU_V04"), Pid, "ORC|RE||I1^GH|||||||||1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI",
        "RXA|0|1|20260309|20260309|140^Influenza, seasonal, injectable, preservative free^CVX|0.5|mL^^UCUM||00^New immunization record^NIP001|1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI|||||L1|20270101|SKB^GSK^MVX|||CP|A",
        "RXR|IM^Intramuscular^HL70162|LD^Left deltoid^HL70163",
    ];

    private static readonly string[] Prescription =
    [
        Msh("RDE^O11^RDE_O11"), Pid, Pv1, "ORC|NW|R1^GH|||IP||||20260309090000+0000|||1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI",
        "RXE||313782^Acetaminophen 325 MG Oral Tablet^RXNORM|1||{tbl}^^UCUM||Take one tablet every six hours|||20||0||||||||||||||||||||||20260309",
        "RXR|PO^Oral^HL70162", "TQ1|1||Q6H",
    ];

    private static readonly string[] Note =
    [
        Msh("MDM^T02^MDM_T02"), "EVN|T02|20260309080000+0000", Pid, Pv1,
        "TXA|1|DS^Discharge summary|TX|20260309080000+0000|1234567893^Hale^Ruth^^^Dr^^^NPI^^^^NPI|||||||D100^GH|||||AU||AV",
        "OBX|1|TX|18842-5^Discharge summary^LN||The stay was without events.||||||F",
    ];

    private static readonly string[] Names = ["admission", "laboratory", "signs", "vaccination", "prescription", "note"];

    public static TheoryData<string, string, string> Expected => new()
    {
        { "admission", "Patient", "us-core-patient" },
        { "admission", "Encounter", "us-core-encounter" },
        { "admission", "Condition", "us-core-condition-encounter-diagnosis" },
        { "admission", "AllergyIntolerance", "us-core-allergyintolerance" },
        { "admission", "Practitioner", "us-core-practitioner" },
        { "laboratory", "Observation", "us-core-observation-lab" },
        { "laboratory", "DiagnosticReport", "us-core-diagnosticreport-lab" },
        { "laboratory", "ServiceRequest", "us-core-servicerequest" },
        { "signs", "Observation", "us-core-heart-rate" },
        { "signs", "Observation", "us-core-body-temperature" },
        { "signs", "Observation", "us-core-body-weight" },
        { "signs", "Observation", "us-core-vital-signs" },
        { "signs", "Observation", "us-core-smokingstatus" },
        { "signs", "Observation", "us-core-blood-pressure" },
        { "note", "DocumentReference", "us-core-documentreference" },
        { "note", "Patient", "us-core-patient" },
        { "vaccination", "Immunization", "us-core-immunization" },
        { "prescription", "MedicationRequest", "us-core-medicationrequest" },
    };

    // What is taken away, and with it the claim.
    public static TheoryData<string, string, string, string, string> Missing => new()
    {
        { "admission", "|F||2106-3", "|||2106-3", "Patient", "us-core-patient" },
        { "admission", "R^Routine^HL70007", "", "Encounter", "us-core-encounter" },
        { "laboratory", "|98|mg/dL^^UCUM|", "|||", "Observation", "us-core-observation-lab" },
        { "laboratory", "||CH|F", "||RAD|F", "DiagnosticReport", "us-core-diagnosticreport-lab" },
        { "signs", "72|/min^^UCUM", "72|bpm", "Observation", "us-core-heart-rate" },
        { "signs", "266919005^Never smoked tobacco^SCT", "", "Observation", "us-core-smokingstatus" },
        { "signs", "82|mm[Hg]^^UCUM", "82|mmHg^^L", "Observation", "us-core-blood-pressure" },
        { "signs", "8462-4^Diastolic blood pressure^LN", "9999-9^Something else^L", "Observation", "us-core-blood-pressure" },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void What_a_well_filled_message_makes_claims_its_profile(string message, string type, string profile)
    {
        var made = Made(message).Where(r => (string?)r["resourceType"] == type).ToList();

        Assert.NotEmpty(made);
        Assert.True(made.Any(r => Claims.Of(r).Contains(UsCore + profile)), string.Join('\n', made.Select(r => Why(r, UsCore + profile))));
    }

    [Theory]
    [MemberData(nameof(Missing))]
    public void A_claim_goes_with_what_it_needs(string message, string whole, string without, string type, string profile)
    {
        var text = string.Join('\r', Message(message));
        Assert.Contains(whole, text, StringComparison.Ordinal);
        var before = Profiles(Translate(text), type);
        var after = Profiles(Translate(text.Replace(whole, without, StringComparison.Ordinal)), type);

        Assert.True(before.Contains(UsCore + profile), string.Join(' ', before));
        Assert.NotEqual(before, after);
        Assert.DoesNotContain(UsCore + profile, after);
    }

    [Fact]
    public void Whatever_is_claimed_holds_also_where_the_shape_was_known_before()
    {
        var validator = SiteDefinitions.BuiltIn.Validator;
        foreach (var resource in Names.SelectMany(name => Made(name).Concat(Made(name, "Sorrel^Wilma", "O'Hara^Fiona").ToList())))
        {
            Claims.Complete(resource);
            Claims.Complete(resource);
            var element = JsonElement.Parse(ResourceContent.ToBytes(resource));
            Assert.DoesNotContain(validator.Validate(element), issue => issue.IsError);
            Assert.Distinct((resource["meta"]?["profile"] as JsonArray)?.Select(p => (string?)p) ?? []);
        }
    }

    [Fact]
    public void Sex_at_birth_gender_identity_race_and_ethnicity_are_extensions_of_the_patient()
    {
        var patient = Made("signs").Single(r => (string?)r["resourceType"] == "Patient");
        var extensions = patient["extension"]!.AsArray().Select(e => ((string)e!["url"]!)[UsCore.Length..]).Order(StringComparer.Ordinal);

        Assert.Equal(["us-core-birthsex", "us-core-ethnicity", "us-core-genderIdentity", "us-core-race"], extensions);
        Assert.Contains(UsCore + "us-core-patient", Claims.Of(patient));
    }

    [Fact]
    public void Whichever_field_is_left_out_what_is_still_claimed_holds_and_each_profile_has_fields_that_it_needs()
    {
        var validator = SiteDefinitions.BuiltIn.Validator;
        var claimed = new ConcurrentDictionary<(string Message, string Profile), bool>();
        var needed = new ConcurrentDictionary<(string Message, string Profile), ConcurrentBag<string>>();
        Parallel.ForEach(Names, name =>
        {
            var whole = Message(name);
            var before = Translate(string.Join('\r', whole)).Select(r => (Reference: Reference(r), Profiles: Claims.Of(r))).ToList();
            foreach (var profile in before.SelectMany(r => r.Profiles))
            {
                claimed[(name, profile)] = true;
            }

            foreach (var (segment, field) in from s in Enumerable.Range(1, whole.Length - 1) from f in Enumerable.Range(1, whole[s].Split('|').Length - 1) select (s, f))
            {
                var fields = whole[segment].Split('|');
                if (fields[field].Length == 0)
                {
                    continue;
                }

                fields[field] = "";
                var made = Translate(string.Join('\r', [.. whole[..segment], string.Join('|', fields), .. whole[(segment + 1)..]]));
                var after = made.Select(r => (Reference: Reference(r), Profiles: Claims.Of(r))).ToList();
                foreach (var (resource, profile) in made.SelectMany(r => Claims.Of(r).Select(profile => (r, profile))))
                {
                    var errors = validator.Validate(JsonElement.Parse(ResourceContent.ToBytes(resource)), new ValidationRequest([profile])).Where(i => i.IsError).ToList();
                    Assert.True(errors.Count == 0, $"{name} without {whole[segment][..3]}-{field}: {profile}");
                }

                foreach (var profile in before.SelectMany(r => r.Profiles).Distinct().Where(p => after.Count(r => r.Profiles.Contains(p)) < before.Count(r => r.Profiles.Contains(p))))
                {
                    needed.GetOrAdd((name, profile), static _ => []).Add($"{whole[segment][..3]}-{field}");
                }
            }
        });

        Assert.True(claimed.Count > 25, $"{claimed.Count}");

        // The others have what they need from several fields, or from MSH: practitioners are named twice, and R4 lets an absent date be said to be absent.
        string[] redundant = ["us-core-practitioner", "us-core-provenance", "us-core-specimen", "us-core-immunization"];
        Assert.All(claimed.Keys.Where(key => !redundant.Contains(key.Profile[UsCore.Length..])), key => Assert.True(needed.ContainsKey(key), $"{key}"));
        Assert.Contains("PID-5", needed[("admission", UsCore + "us-core-patient")]);
        Assert.Contains("PID-8", needed[("admission", UsCore + "us-core-patient")]);
        Assert.Contains("OBX-5", needed[("laboratory", UsCore + "us-core-observation-lab")]);
        Assert.Contains("OBX-6", needed[("signs", UsCore + "us-core-blood-pressure")]);
        Assert.NotEmpty(needed[("note", UsCore + "us-core-documentreference")]);
    }

    [Fact]
    public void Two_pressures_of_one_measurement_are_one_panel_unless_the_feed_wants_them_as_sent()
    {
        var text = string.Join('\r', Signs);
        var panel = Assert.Single(Translate(text), r => HasCode(r, "85354-9"));
        Assert.Equal([("8480-6", "128"), ("8462-4", "82")], panel["component"]!.AsArray().Select(c => ((string)c!["code"]!["coding"]![0]!["code"]!, c["valueQuantity"]!["value"]!.ToString())));
        Assert.False(panel.ContainsKey("valueQuantity"));
        var report = Translate(text).Single(r => (string?)r["resourceType"] == "DiagnosticReport");
        Assert.Equal(7, report["result"]!.AsArray().Count);
        Assert.Contains(report["result"]!.AsArray(), r => (string?)r!["reference"] == Reference(panel));

        var asSent = Translate(text, FeedProfile.Default with { BloodPressure = BloodPressure.Separate });
        Assert.DoesNotContain(asSent, r => HasCode(r, "85354-9"));
        Assert.Equal(2, asSent.Count(r => HasCode(r, "8480-6") || HasCode(r, "8462-4")));

        // Of another time it is another measurement; alone it stays alone.
        Assert.DoesNotContain(Translate(text.Replace("82|mm[Hg]^^UCUM|||||F|||20260309083000", "82|mm[Hg]^^UCUM|||||F|||20260309093000", StringComparison.Ordinal)), r => HasCode(r, "85354-9"));
        Assert.Single(Translate(text.Replace("8462-4", "1-1", StringComparison.Ordinal)), r => HasCode(r, "8480-6"));
    }

    [Fact]
    public void A_heading_of_a_blood_pressure_is_its_panel()
    {
        var text = string.Join('\r', Signs) + "\rOBX|9|ST|85354-9^Blood pressure panel^LN||||||||F|||20260309083000+0000";
        var panel = Assert.Single(Translate(text), r => HasCode(r, "85354-9"));
        Assert.Equal(2, panel["component"]!.AsArray().Count);
        Assert.Equal("Blood pressure panel", (string?)panel["code"]!["coding"]![0]!["display"]);
        Assert.Equal(7, Translate(text).Single(r => (string?)r["resourceType"] == "DiagnosticReport")["result"]!.AsArray().Count);
    }

    [Fact]
    public void Patients_of_one_shape_are_validated_once()
    {
        var claims = new UsCoreClaims(SiteDefinitions.BuiltIn);
        foreach (var name in new[] { "Ann", "Berta", "Cleo" })
        {
            claims.Of(Made("admission", "Sorrel^Wilma", $"Sorrel^{name}").First(r => (string?)r["resourceType"] == "Patient"));
        }

        Assert.Equal(1, claims.Shapes);
    }

    private static string Msh(string type) => $@"MSH|^~\&|EMR|GH|FF|GH|20260309080000+0000||{type}|U1|P|2.5.1";

    private static string[] Message(string name) => name switch
    {
        "admission" => Admission,
        "laboratory" => Laboratory,
        "signs" => Signs,
        "vaccination" => Vaccination,
        "note" => Note,
        _ => Prescription,
    };

    private static List<JsonObject> Made(string name, string from = "\0", string to = "") => Translate(string.Join('\r', Message(name)).Replace(from, to, StringComparison.Ordinal));

    private static string Reference(JsonObject resource) => $"{(string?)resource["resourceType"]}/{(string?)resource["id"]}";

    private static bool HasCode(JsonObject resource, string code) =>
        (string?)resource["resourceType"] == "Observation" && resource["code"]?["coding"]?.AsArray().Any(c => (string?)c!["code"] == code) == true;

    private static List<JsonObject> Translate(string text, FeedProfile? profile = null)
    {
        var result = Translator.Default.Translate(Hl7Message.Parse(Encoding.UTF8.GetBytes(text + "\r")).Message!, profile ?? FeedProfile.Default);
        return [.. result.Resources.Select(r => MergePatch.Apply(null, r.Content))];
    }

    private static string[] Profiles(List<JsonObject> made, string type) => [.. made.Where(r => (string?)r["resourceType"] == type).SelectMany(r => Claims.Of(r))];

    private static string Why(JsonObject resource, string profile) =>
        resource.ToJsonString() + "\n  " + string.Join("\n  ", SiteDefinitions.BuiltIn.Validator
            .Validate(JsonElement.Parse(ResourceContent.ToBytes(resource)), new ValidationRequest([profile])).Where(i => i.IsError).Select(i => $"{i.Expression} {i.Diagnostics}"));
}
