using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>NPU (A20) -> Location.operationalStatus of the bed.</summary>
internal static class BedStatusAssembly
{
    public static void Run(MessageWalk walk, Hl7Segment npu)
    {
        if (PlToLocation.Of(npu[1], walk.Scope) is { } bed)
        {
            walk.Scope.Maps["NPU-Location"].Run(npu, bed, walk.Scope);
        }
    }
}
