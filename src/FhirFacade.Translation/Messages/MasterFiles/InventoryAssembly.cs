using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.MasterFiles;

/// <summary>IIM -> Medication (drugs and vaccines, by their coding system) or Device (other supplies), a lot each. Stock levels have no place in R4.</summary>
internal static class InventoryAssembly
{
    private static readonly string[] Drugs = ["CVX", "NDC", "RXNORM", "RXN", "ATC"];

    public static void Run(MessageWalk walk, Hl7Segment iim, MasterRecord? record)
    {
        var scope = walk.Scope;
        if (FhirText.String(iim[1][1]) is not { } item)
        {
            return;
        }

        var isDrug = Drugs.Contains(FhirText.Code(iim[2][3])?.ToUpperInvariant()) || Drugs.Contains(FhirText.Code(iim[1][3])?.ToUpperInvariant());
        var type = isDrug ? "Medication" : "Device";
        var id = BusinessId.Of(type, "inventory", scope.Sender.Facility, item, FhirText.String(iim[1][3]), FhirText.String(iim[3]));
        var draft = scope.Resources.GetOrAdd(type, id, TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        scope.Maps[$"IIM-{type}"].Run(iim, target, scope);
        target.Content["status"] = record?.IsActive == false ? "inactive" : "active";
    }
}
