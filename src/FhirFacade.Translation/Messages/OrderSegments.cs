using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Messages;

/// <summary>The segments of orders and results: each goes to its assembly.</summary>
internal sealed class OrderSegments
{
    private readonly SpecimenAssembly _specimens;
    private readonly ObservationAssembly _observations;

    public OrderSegments(MessageWalk walk)
    {
        Orders = new OrderAssembly(walk);
        _specimens = new SpecimenAssembly(walk);
        _observations = new ObservationAssembly(walk);
        walk.Finally(Orders.Finish);
    }

    public OrderAssembly Orders { get; }

    /// <summary>False if it is none of them.</summary>
    public bool Take(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "ORC":
                Orders.Orc(segment);
                break;
            case "OBR":
                Orders.Obr(segment);
                break;
            case "SPM":
                _specimens.Spm(segment);
                break;
            case "OBX":
                _observations.Obx(segment);
                break;
            default:
                return false;
        }

        return true;
    }
}
