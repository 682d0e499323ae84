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
        _scope.Assembled?.Key(draft, pid, 18);
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
    /// MRG-3. A44 moves the account to the patient in PID with all its visits, A49 gives it another number; else it is merged into the survivor's
    /// (PID-18) if there is one, or becomes the patient's as it is.
    /// </summary>
    public void Mrg(Hl7Segment mrg)
    {
        if (!IsAboutAccounts || walk.Patient is not { } patient || CxToIdentifier.Key(mrg[3].Repetition(1), _scope) is not { } number)
        {
            return;
        }

        var former = PatientIdentity.Best(mrg[1], _scope) is { } prior ? PatientIdentity.Id(prior, _scope) : patient.Id;
        var id = Id(number, former);
        if (walk is { MessageCode: "ADT", Event: "A44" or "A49" })
        {
            Move(mrg, number, id, former, patient);
            return;
        }

        var draft = _scope.Resources.GetOrAdd("Account", id, TranslationMode.Merge, out _);
        if (draft == Current || draft.Content.ContainsKey("identifier"))
        {
            return;
        }

        _scope.Maps["MRG-Account"].Run(mrg, draft, _scope);
        if (Current is { } survivor)
        {
            draft.Content["status"] = "inactive";
            draft.Content["partOf"] = survivor.Reference();

            // Before the patients' own merge, which leaves nothing behind that could follow the account.
            walk.Moves.Insert(0, new ReferenceMove("Account", id, survivor.Id, former, patient.Id));
        }
        else
        {
            draft.Content["subject"] = new JsonArray(patient.Reference());
            draft.Presume("status", JsonValue.Create("unknown"));
        }
    }

    private void Move(Hl7Segment mrg, IdentifierKey number, string id, string former, ResourceDraft patient)
    {
        _scope.Use.Read(mrg, 1);
        var old = _scope.Scratch("Account");
        _scope.Maps["MRG-Account"].Run(mrg, old, _scope);
        var account = Current;
        if (account is null)
        {
            account = Draft(number, patient.Id);
            account.Content.Put("identifier", old.Content["identifier"]?.DeepClone());
            account.Content["subject"] = new JsonArray(patient.Reference());
            account.Presume("status", JsonValue.Create("unknown"));
        }

        if (account.Id == id)
        {
            walk.Moves.Add(new ReferenceMove("Account", id, id, former, patient.Id));
            return;
        }

        foreach (var identifier in ((old.Content["identifier"] as JsonArray) ?? []).Where(i => !Identified(account, i!)))
        {
            account.Content.Append("identifier", identifier!.DeepClone());
        }

        var rest = new JsonObject { ["resourceType"] = "Account", ["id"] = id, ["meta"] = new JsonObject { ["source"] = _scope.Sender.Source } };
        rest.Put("identifier", old.Content["identifier"]?.DeepClone());
        rest["status"] = "entered-in-error";
        rest["subject"] = new JsonArray(patient.Reference());
        walk.Moves.Add(new ReferenceMove("Account", id, account.Id, former, patient.Id) { Remainder = rest.ToObject() });
    }

    private static bool Identified(ResourceDraft account, JsonNode identifier) =>
        account.Content["identifier"] is JsonArray list && list.Any(i => JsonNode.DeepEquals(i, identifier));

    private static bool Has(ResourceDraft account, string list, string element, ResourceDraft target) =>
        account.Content[list] is JsonArray items && items.Any(i => (string?)i![element]?["reference"] == $"{target.Type}/{target.Id}");

    private ResourceDraft Draft(IdentifierKey number, string patient) =>
        _scope.Resources.GetOrAdd("Account", Id(number, patient), TranslationMode.Merge, out _);

    private string Id(IdentifierKey number, string patient) => BusinessId.Of("Account", number.System ?? $"{number.Scope(_scope)}|{patient}", number.Value);
}
