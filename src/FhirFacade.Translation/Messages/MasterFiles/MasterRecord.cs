using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.MasterFiles;

/// <summary>What MFE says is to become of the record after it (MFE-1, table 0180).</summary>
internal sealed class MasterRecord
{
    /// <summary>False after a deactivation (MDC) or deletion (MDL): the record stays, so that what refers to it stays readable.</summary>
    public bool IsActive { get; private init; } = true;

    public static MasterRecord Of(MessageWalk walk, Hl7Segment mfe)
    {
        walk.Scope.Maps["MFE-Provenance"].Run(mfe, walk.Provenance, walk.Scope);
        return new MasterRecord { IsActive = FhirText.Code(mfe[1]) is not ("MDC" or "MDL") };
    }
}
