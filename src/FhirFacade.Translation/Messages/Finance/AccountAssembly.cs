using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Finance;

/// <summary>
/// PID-18 -> Account of the patient, in messages about visits and billing; its visits, coverages and guarantors. MRG-3 -> the account that
/// is merged into it.
/// </summary>
internal sealed class AccountAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;

    /// <summary>The account of the patient whose group is being walked.</summary>
    public ResourceDraft? Current { get; private set; }

    private bool IsAboutAccounts => walk.MessageCode is "ADT" or "BAR" or "DFT";

    public void Pid(Hl7Segment pid)
    {
        Current = null;
        if (!IsAboutAccounts || walk.Patient is not { } patient || CxToIdentifier.Key(pid[18].Repetition(1), _scope) is not { } number)
        {
            return;
        }

        var draft = Draft(number, patient.Id);
        Current = draft;
        if (draft.Content.ContainsKey("identifier"))
        {
            return;
        }

        _scope.Maps["PID-Account"].Run(pid, draft, _scope);
        draft.Content["subject"] = new JsonArray(patient.Reference());

        // P02 purges accounts, P06 ends one.
        if (walk.MessageCode == "BAR" && walk.Event is "P02" or "P06")
        {
            draft.Content["status"] = "inactive";
        }

        draft.Presume("status", JsonValue.Create("active"));
    }

    /// <summary>The visit is billed to the account.</summary>
    public void Visit()
    {
        if (Current is { } account && walk.Encounter is { } encounter)
        {
            encounter.Content["account"] = new JsonArray(account.Reference());
        }
    }

    /// <summary>IN1-22 is the order in which coverages are asked.</summary>
    public void Cover(ResourceDraft coverage)
    {
        if (Current is not { } account || Has(account, "coverage", "coverage", coverage))
        {
            return;
        }

        var entry = new JsonObject { ["coverage"] = coverage.Reference() };
        entry.Put("priority", coverage.Content["order"]?.DeepClone());
        account.Content.Append("coverage", entry);
    }

    public void Guarantee(Hl7Segment gt1, ResourceDraft party)
    {
        if (Current is not { } account || Has(account, "guarantor", "party", party))
        {
            return;
        }

        var made = _scope.Scratch(account);
        _scope.Maps["GT1-Account"].Run(gt1, made, _scope);
        var entry = made.Content["guarantor"]?[0]?.DeepClone() as JsonObject ?? [];
        entry["party"] = party.Reference();
        account.Content.Append("guarantor", entry);
    }

    /// <summary>
    /// MRG-3. With an account of the survivor (PID-18) it is merged into that one; without, it moves to the patient in PID as it is (A44).
    /// </summary>
    public void Mrg(Hl7Segment mrg)
    {
        if (!IsAboutAccounts || walk.Patient is not { } patient || CxToIdentifier.Key(mrg[3].Repetition(1), _scope) is not { } number)
        {
            return;
        }

        var former = PatientIdentity.Best(mrg[1], _scope) is { } prior ? PatientIdentity.Id(prior, _scope) : patient.Id;
        var draft = Draft(number, former);
        if (draft == Current || draft.Content.ContainsKey("identifier"))
        {
            return;
        }

        _scope.Maps["MRG-Account"].Run(mrg, draft, _scope);
        if (Current is { } survivor)
        {
            draft.Content["status"] = "inactive";
            draft.Content["partOf"] = survivor.Reference();
        }
        else
        {
            draft.Content["subject"] = new JsonArray(patient.Reference());
            draft.Presume("status", JsonValue.Create("unknown"));
        }
    }

    private static bool Has(ResourceDraft account, string list, string element, ResourceDraft target) =>
        account.Content[list] is JsonArray items && items.Any(i => (string?)i![element]?["reference"] == $"{target.Type}/{target.Id}");

    private ResourceDraft Draft(IdentifierKey number, string patient) =>
        _scope.Resources.GetOrAdd("Account", BusinessId.Of("Account", number.System ?? $"{number.Scope(_scope)}|{patient}", number.Value), TranslationMode.Merge, out _);
}
