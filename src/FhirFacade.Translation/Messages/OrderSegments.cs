using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Messages;

/// <summary>The segments of orders, results, pharmacy and vaccination: each goes to its assembly.</summary>
internal sealed class OrderSegments
{
    private readonly MessageWalk _walk;
    private readonly SpecimenAssembly _specimens;
    private readonly ObservationAssembly _observations;
    private readonly PharmacyAssembly _pharmacy;
    private readonly ImmunizationAssembly _immunizations;

    public OrderSegments(MessageWalk walk)
    {
        _walk = walk;
        Orders = new OrderAssembly(walk);
        _specimens = new SpecimenAssembly(walk);
        _observations = new ObservationAssembly(walk);
        _immunizations = new ImmunizationAssembly(walk, Orders, _observations);
        _pharmacy = new PharmacyAssembly(walk, Orders);
        walk.Finally(_pharmacy.Finish);
        walk.Finally(_immunizations.Finish);
        walk.Finally(_observations.Finish);
        walk.Finally(Orders.Finish);
    }

    public OrderAssembly Orders { get; }

    /// <summary>False if it is none of them.</summary>
    public bool Take(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "ORC":
                Close();
                Orders.Orc(segment);
                break;
            case "OBR":
                Close();
                Orders.Obr(segment);
                break;
            case "SPM":
                _specimens.Spm(segment);
                break;
            case "IPC":
                ImagingAssembly.Ipc(_walk, segment);
                break;
            case "SAC":
                _specimens.Sac(segment);
                break;
            case "TQ1":
                Timing(segment);
                break;
            case "RXO" or "RXE" or "RXG" or "RXD":
                _pharmacy.Detail(segment);
                break;
            case "RXA":
                Administration(segment);
                break;
            case "RXR":
                Route(segment);
                break;
            case "RXC":
                _pharmacy.Component(segment);
                break;
            case "CTI":
                StudyAssembly.Cti(segment, _pharmacy.Current ?? _walk.Order?.Request, _walk.Scope);
                break;
            case "OBX":
                Observation(segment);
                break;
            case "PRT":
                ParticipantDevice.Prt(segment, _walk);
                if (_walk.Noted is { Type: "Observation" } observation)
                {
                    ObservationParticipant.Prt(segment, observation, _walk.Scope);
                    break;
                }

                return Participates(segment);
            default:
                return false;
        }

        return true;
    }

    private void Close()
    {
        _pharmacy.Close();
        _immunizations.Close();
    }

    private bool Participates(Hl7Segment prt)
    {
        if (Orders.Pending is { } pending)
        {
            pending.Participants.Add(prt);
        }
        else if ((_immunizations.Current ?? _pharmacy.Current) is { Type: "Immunization" or "MedicationAdministration" } given)
        {
            OrderParticipant.Performer(prt, given, _walk.Scope);
        }
        else if (_walk.Order is { } order)
        {
            OrderParticipant.Prt(prt, order, _walk.Specimen, _walk.Scope);
        }
        else
        {
            return false;
        }

        return true;
    }

    // Before the detail a timing waits with its ORC.
    private void Timing(Hl7Segment tq1)
    {
        if (Orders.Pending is { } pending)
        {
            pending.Timings.Add(tq1);
        }
        else if (_pharmacy.Current is not null)
        {
            _pharmacy.Timing(tq1);
        }
        else
        {
            Orders.Timing(tq1);
        }
    }

    // A vaccine by its message or by its coding system is an Immunization, anything else a MedicationAdministration.
    private void Administration(Hl7Segment rxa)
    {
        if (_walk.MessageCode is "VXU" or "VXR" or "VXX" or "RSP" || rxa[5][3].Is("CVX") || rxa[5][6].Is("CVX"))
        {
            _pharmacy.Close();
            _immunizations.Rxa(rxa);
        }
        else
        {
            _pharmacy.Detail(rxa);
        }
    }

    private void Route(Hl7Segment rxr)
    {
        if (!_immunizations.Route(rxr))
        {
            _pharmacy.Route(rxr);
        }
    }

    private void Observation(Hl7Segment obx)
    {
        if (!_immunizations.Obx(obx))
        {
            _observations.Obx(obx, _immunizations.Current ?? _pharmacy.Current);
        }
    }
}
