using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Documents;

/// <summary>
/// DocumentReference.status: a cancelled document (T11) was entered in error, whatever it says; else TXA-19, whose code is kept where FHIR's
/// says less; else current.
/// </summary>
internal static class DocumentStatus
{
    private const string Availability = "http://terminology.hl7.org/CodeSystem/v2-0273";

    public static void Decide(MessageWalk walk, Hl7Segment txa, ResourceDraft document)
    {
        var table = walk.Scope.Maps.Table("DocumentAvailabilityStatus");
        var code = FhirText.Code(txa[19]);
        var known = code is null ? null : table.Find(code)?.Code;
        var status = walk.Event == "T11" ? "entered-in-error" : known;
        document.Content.Put("status", status);
        document.Presume("status", JsonValue.Create("current"));
        if (code is not null && status != "current")
        {
            document.Content["_status"] = Coded.Alternate(Availability, code);
        }

        if (code is not null && known is null)
        {
            walk.Scope.UnknownCode(txa[19], table);
        }
    }
}
