using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages.Documents;
using FhirFacade.Translation.Messages.Finance;
using FhirFacade.Translation.Messages.MasterFiles;
using FhirFacade.Translation.Messages.Problems;
using FhirFacade.Translation.Messages.Referrals;
using FhirFacade.Translation.Messages.Scheduling;

namespace FhirFacade.Translation.Messages;

/// <summary>The segments of appointments, documents, problems, referrals, billing and master files: each goes to its assembly.</summary>
internal sealed class AdministrationSegments
{
    private readonly MessageWalk _walk;
    private readonly AppointmentAssembly _appointments;
    private readonly DocumentAssembly _documents;
    private readonly ProblemAssembly _problems;
    private readonly AccountAssembly _accounts;
    private readonly ReferralAssembly _referrals;
    private readonly StaffAssembly _staff;
    private readonly PlaceAssembly _places;
    private MasterRecord? _record;
    private ResourceDraft? _charge;

    // What a role (ROL, PRT) that comes next is a role in.
    private ResourceDraft? _about;

    public AdministrationSegments(MessageWalk walk)
    {
        _walk = walk;
        _appointments = new AppointmentAssembly(walk);
        _documents = new DocumentAssembly(walk);
        _problems = new ProblemAssembly(walk);
        _accounts = new AccountAssembly(walk);
        _referrals = new ReferralAssembly(walk);
        _staff = new StaffAssembly(walk);
        _places = new PlaceAssembly(walk);
        walk.Finally(Finish);
    }

    /// <summary>Before any other assembly sees it: false if the segment is none of them.</summary>
    public bool Take(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "SCH":
                _appointments.Sch(segment);
                return true;
            case "TQ1" when _appointments.IsOpen:
                _appointments.Tq1(segment);
                return true;
            case "RGS" or "AIS" or "AIG" or "AIL" or "AIP":
                Resource(segment);
                return true;
            case "NTE" when _appointments.IsOpen:
                _appointments.Note(segment);
                return true;
            case "TXA":
                _documents.Txa(segment);
                return true;
            case "OBX" when _documents.IsOpen:
                return _documents.Obx(segment);
            case "NTE" when _documents.IsOpen && _walk.Noted is null:
                _documents.Note(segment);
                return true;
            case "PRB" or "GOL" or "VAR":
                Problem(segment);
                return true;
            case "PR1":
                Procedure(segment);
                return true;
            case "CON":
                ConsentAssembly.Run(_walk, segment);
                return true;
            case "ARV":
                ConfidentialityLabels.Arv(_walk, segment, _about);
                return true;
            case "ROL":
                RoleAssembly.Run(_walk, segment, _about);
                return true;
            case "PRT" when _about is not null:
                RoleAssembly.Run(_walk, segment, _about);
                ParticipantDevice.Prt(segment, _walk);
                return true;
            case "GT1" or "IN2" or "IN3" or "FT1":
                Finance(segment);
                return true;
            case "RF1" or "PRD" or "CTD" or "AUT":
                Referral(segment);
                return true;
            case "MFI" or "MFE" or "STF" or "PRA" or "ORG" or "AFF" or "LAN" or "EDU" or "CER" or "LOC" or "LRL" or "LDP" or "IIM":
                MasterFile(segment);
                return true;
            default:
                return false;
        }
    }

    /// <summary>After the other assemblies: what their segments mean to these.</summary>
    public void After(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "PID":
                _about = _walk.Patient;
                _charge = null;
                _accounts.Pid(segment);
                _appointments.Patient();
                break;
            case "PV1":
                _about = _walk.Encounter;
                _accounts.Visit();
                _appointments.Encounter();
                break;
            case "MRG":
                _accounts.Mrg(segment);
                break;
            case "DG1" when _walk.Noted is { } condition:
                _referrals.Support(condition);
                EpisodeAssembly.Dg1(segment, _walk.Encounter, condition, _walk.Scope);
                break;
            case "AL1" or "IAM":
                _referrals.Support(_walk.Noted);
                break;
            case "IN1":
                _about = null;
                if (_walk.Coverage is { } coverage)
                {
                    _accounts.Cover(coverage);
                    _referrals.Support(coverage);
                }

                break;
            case "OBR":
                _about = null;
                if (_walk.Order?.Request is { } request)
                {
                    _problems.Ordered(request);
                }

                break;
            case "ORC" or "OBX" or "SPM" or "RXA" or "RXE" or "RXO" or "RXD" or "RXG":
                _about = null;
                Observed(segment);
                break;
        }
    }

    private void Finish()
    {
        _appointments.Finish();
        _documents.Finish();
        _referrals.Finish();
    }

    private void Resource(Hl7Segment segment)
    {
        if (!_appointments.IsOpen)
        {
            return;
        }

        switch (segment.Name)
        {
            case "RGS":
                // Groups of resources are one appointment's: only their numbering is lost.
                _walk.Scope.Use.Read(segment, 1);
                break;
            case "AIS":
                _appointments.Ais(segment);
                break;
            default:
                _appointments.Resource(segment);
                break;
        }
    }

    private void Problem(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "PRB":
                _problems.Prb(segment);
                break;
            case "GOL":
                _problems.Gol(segment);
                break;
            default:
                _problems.Var(segment);
                break;
        }

        _about = _problems.Current;
    }

    private void Procedure(Hl7Segment segment)
    {
        _about = ProcedureAssembly.Run(_walk, segment);
        _referrals.Support(_about);
        if (_about is { } procedure && _charge is { } charge)
        {
            charge.Content["service"] = new JsonArray(procedure.Reference());
        }
    }

    private void Finance(Hl7Segment segment)
    {
        _about = null;
        _walk.Noted = null;
        switch (segment.Name)
        {
            case "GT1" when GuarantorAssembly.Run(_walk, segment) is { } party:
                _accounts.Guarantee(segment, party);
                break;
            case "IN2":
                InsuranceDetail.In2(_walk, segment);
                break;
            case "IN3":
                InsuranceDetail.In3(_walk, segment);
                break;
            case "FT1":
                _charge = ChargeAssembly.Run(_walk, segment, _accounts.Current);
                break;
        }
    }

    private void Referral(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "RF1":
                _referrals.Rf1(segment);
                break;
            case "PRD" when _referrals.IsOpen:
                _referrals.Prd(segment);
                break;
            case "CTD":
                _referrals.Ctd(segment);
                break;
            case "AUT" when _referrals.IsOpen:
                _referrals.Aut(segment);
                break;
        }
    }

    private void MasterFile(Hl7Segment segment)
    {
        _walk.Noted = null;
        switch (segment.Name)
        {
            case "MFI":
                _walk.Scope.Maps["MFI-Provenance"].Run(segment, _walk.Provenance, _walk.Scope);
                break;
            case "MFE":
                _record = MasterRecord.Of(_walk, segment);
                break;
            case "STF":
                _staff.Stf(segment, _record);
                break;
            case "PRA":
                _staff.Pra(segment);
                break;
            case "ORG":
                _staff.Org(segment);
                break;
            case "AFF":
                _staff.Aff(segment);
                break;
            case "LAN" or "EDU" or "CER":
                _staff.Person(segment);
                break;
            case "LOC":
                _places.Loc(segment, _record);
                break;
            case "LRL":
                _places.Lrl(segment);
                break;
            case "LDP":
                _places.Ldp(segment, _record);
                break;
            case "IIM":
                InventoryAssembly.Run(_walk, segment, _record);
                break;
        }
    }

    private void Observed(Hl7Segment segment)
    {
        if (segment.Is("OBX") && _walk.Noted is { Type: "Observation" } observation)
        {
            if (_documents.IsOpen)
            {
                _documents.Relate(observation);
            }
            else
            {
                _problems.Observed(observation);
            }
        }
    }
}
