using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Referrals;

/// <summary>
/// RF1 with PRD, CTD, AUT -> ServiceRequest, and a Task that says how far it has come (RF1-1), by the number that its sender gave it (RF1-6). PRD with
/// role RP asks, the one with RT (else IR, or any specialist) is asked. Completed at the end, since PID follows.
/// </summary>
internal sealed class ReferralAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private ResourceDraft? _request;
    private ResourceDraft? _task;
    private ResourceDraft? _organization;

    public bool IsOpen => _request is not null;

    public void Rf1(Hl7Segment rf1)
    {
        walk.Noted = null;
        var number = EiToIdentifier.Key(rf1[6], _scope) ?? EiToIdentifier.Key(rf1[11], _scope);
        var key = number is { } given ? BusinessId.Of("Referral", given.System ?? _scope.Sender.System, given.Value) : BusinessId.Of("Referral", "message", _scope.Key, rf1.Location);
        _request = _scope.Resources.GetOrAdd("ServiceRequest", key, TranslationMode.Merge, out _);
        _scope.Maps["RF1-ServiceRequest"].Run(rf1, _request, _scope);
        if (walk.Event == "I14" || rf1[25].Is("D"))
        {
            _request.Content["status"] = "revoked";
            _request.Content.Remove("_status");
        }

        if (rf1[1].HasValue || walk.Event == "I14")
        {
            _task = _scope.Resources.GetOrAdd("Task", key, TranslationMode.Merge, out _);
            _scope.Maps["RF1-Task"].Run(rf1, _task, _scope);
            if (walk.Event == "I14")
            {
                _task.Content["status"] = "cancelled";
                _task.Content.Remove("_status");
            }
        }

        walk.Noted = _request;
    }

    public void Aut(Hl7Segment aut) => _scope.Maps["AUT-ServiceRequest"].Run(aut, _request!, _scope);

    public void Prd(Hl7Segment prd)
    {
        var practitioner = ReferralProvider.Practitioner(prd, _scope);
        _organization = ReferralProvider.Organization(prd, _scope);
        var role = ReferralProvider.Role(prd, practitioner, _organization, _scope);
        if (role is null || _request is not { } request)
        {
            return;
        }

        var reference = role.Reference(practitioner is null ? (string?)_organization?.Content["name"] : (string?)XcnToPractitioner.Reference(practitioner)["display"]);
        switch (FhirText.Code(prd[1][1]))
        {
            case "RP":
                request.Content["requester"] = reference;
                _task?.Content.Put("requester", reference.DeepClone());
                break;
            case "RT" or "IR":
                request.Content.Append("performer", reference);
                _task?.Content.Put("owner", reference.DeepClone());
                break;
            default:
                request.Content.Append("supportingInfo", reference);
                break;
        }
    }

    /// <summary>CTD after PRD: whom to call in that organisation.</summary>
    public void Ctd(Hl7Segment ctd)
    {
        if (_organization is { } organization)
        {
            _scope.Maps["CTD-Organization"].Run(ctd, organization, _scope);
        }
    }

    /// <summary>DG1, PR1, AL1, IN1: why, with what history, and who pays.</summary>
    public void Support(ResourceDraft? made)
    {
        if (made is not null && _request is { } request)
        {
            request.Content.Append(made.Type switch { "Condition" => "reasonReference", "Coverage" => "insurance", _ => "supportingInfo" }, made.Reference());
        }
    }

    public void Finish()
    {
        if (_request is not { } request)
        {
            return;
        }

        request.Content["subject"] = walk.Patient?.Reference() ?? DataAbsent.Unknown();
        request.Content.Put("encounter", walk.Encounter?.Reference());
        request.Presume("status", JsonValue.Create("active"));
        request.Presume("intent", JsonValue.Create("order"));

        // Details of nothing (prr-1).
        if (!request.Content.ContainsKey("code"))
        {
            request.Content.Remove("orderDetail");
        }

        if (_task is { } task)
        {
            task.Content["focus"] = request.Reference();
            task.Content.Put("for", walk.Patient?.Reference());
            task.Content["intent"] = "order";
            task.Presume("status", JsonValue.Create("requested"));
        }
    }
}
