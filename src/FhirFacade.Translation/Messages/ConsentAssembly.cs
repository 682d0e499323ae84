using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// CON -> Consent, by the number of its form (CON-4), else by patient, type and form. What is understood: a release of information that is granted, without limitations, permits; what is
/// refused, taken back, limited or not understood denies; what is about a procedure says nothing of data (decision 0291).
/// </summary>
internal static class ConsentAssembly
{
    private const string Release = "001";
    private const string Notice = "003";
    private const string Scopes = "http://terminology.hl7.org/CodeSystem/consentscope";

    // Of table 0496, what is about data: to tell of it to somebody ...
    private static readonly string[] Disclosures = [Release, "041", "057", "079", "102", "103"];

    // ... or to tell nobody of it: granted, these deny.
    private static readonly string[] Restrictions = ["110", "111"];

    private enum Kind
    {
        Unknown,
        Procedure,
        Disclosure,
        Restriction,
    }

    public static void Run(MessageWalk walk, Hl7Segment con)
    {
        var scope = walk.Scope;
        walk.Noted = null;
        if (!scope.Profile.ConsentsOfMessages || walk.Patient is not { } patient)
        {
            return;
        }

        var type = FhirText.Code(con[2][1]);
        var draft = scope.Resources.GetOrAdd("Consent", Id(con, type, patient, scope), TranslationMode.Replace, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        var content = target.Content;
        var kind = KindOf(con, type, scope);
        content["scope"] = ScopeOf(kind, type);
        content["patient"] = patient.Reference();
        scope.Maps["CON-Consent"].Run(con, target, scope);
        content["category"] ??= new JsonArray(DataAbsent.Unknown());
        content["policyRule"] = new JsonObject { ["text"] = "As a message of the feed says (HL7 v2, CON)" };
        content.Put("performer", Performer(con, patient, scope) is { } person ? new JsonArray(person) : null);
        var (status, denies) = Decided(con, kind, type, IsLimited(con, content));
        content["status"] = status;
        if (content["provision"] is not JsonObject provision)
        {
            content["provision"] = provision = [];
        }

        provision["type"] = denies ? "deny" : "permit";
        PeriodEnd.Check(provision["period"], $"{con.Location}-15", scope);
        scope.Use.Read(con, 11);
    }

    private static string Id(Hl7Segment con, string? type, ResourceDraft patient, MessageScope scope) => EiToIdentifier.Key(con[4], scope) is { } number
        ? BusinessId.Of("Consent", patient.Id, number.Scope(scope), number.Value)
        : BusinessId.Of("Consent", patient.Id, type ?? FhirText.String(con[2][2]), FhirText.String(con[3][1]));

    private static Kind KindOf(Hl7Segment con, string? type, MessageScope scope) =>
        type is null || (con[2][3].HasValue && !con[2][3].Is("HL70496") && !con[2][3].Is("0496")) ? Kind.Unknown
        : Restrictions.Contains(type) ? Kind.Restriction
        : Disclosures.Contains(type) ? Kind.Disclosure
        : scope.Maps.Table("ConsentType").Find(type) is not null ? Kind.Procedure
        : Kind.Unknown;

    // A scope in words alone opens nothing, whatever else is said.
    private static JsonObject ScopeOf(Kind kind, string? type) => kind switch
    {
        Kind.Procedure when type == Notice => new JsonObject { ["text"] = "That a notice was received" },
        Kind.Procedure => Scope("treatment"),
        Kind.Restriction => Scope("patient-privacy"),
        Kind.Disclosure when type == Release => Scope("patient-privacy"),
        Kind.Disclosure => new JsonObject { ["text"] = "Disclosure to some, or of some" },
        _ => new JsonObject { ["text"] = "Consent of a type that is not known here" },
    };

    private static JsonObject Scope(string code) => Coded.Concept(Scopes, code, null);

    // What the consenter has added in words, and dates that cannot be read.
    private static bool IsLimited(Hl7Segment con, JsonObject content)
    {
        var period = (content["provision"] as JsonObject)?["period"] as JsonObject;
        return con[9].HasValue || con[6].HasValue || (con[14].HasValue && period?["start"] is null) || (con[15].HasValue && period?["end"] is null);
    }

    private static (string Status, bool Denies) Decided(Hl7Segment con, Kind kind, string? type, bool isLimited)
    {
        var status = FhirText.Code(con[11][1]);
        return (kind, status) switch
        {
            (_, "P" or "B") => ("proposed", kind == Kind.Restriction),
            (Kind.Procedure, "R") => ("rejected", true),
            (Kind.Procedure, "X") => ("inactive", true),
            (Kind.Procedure, _) => ("active", false),
            (Kind.Restriction, "R") => ("rejected", true),
            (Kind.Restriction, "X") => ("inactive", true),
            (Kind.Restriction, _) => ("active", true),
            (Kind.Disclosure, "A") => ("active", type == Release && isLimited),
            (Kind.Unknown, "A") => ("active", false),
            _ => ("active", true),
        };
    }

    private static JsonObject? Performer(Hl7Segment con, ResourceDraft patient, MessageScope scope)
    {
        if (con[25][1].Is("SEL") || con[25][1].Is("S"))
        {
            scope.Use.Read(con, 24);
            scope.Use.Read(con, 25);
            return patient.Reference();
        }

        if (XpnToHumanName.Name(con[24].Repetition(1), 1, scope) is not { } name)
        {
            return null;
        }

        var relationship = FhirText.Code(con[25][1]) ?? FhirText.String(con[25][2]);
        var draft = scope.Resources.GetOrAdd("RelatedPerson", RelatedRole.Id(patient, name, relationship), TranslationMode.Merge, out var isNew) is var made && isNew ? made : scope.Scratch("RelatedPerson");
        draft.Content["patient"] = patient.Reference();
        scope.Maps["CON-RelatedPerson"].Run(con, draft, scope);
        return made.Reference(XcnToPractitioner.Display(draft.Content));
    }
}
