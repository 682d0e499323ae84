using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.MasterFiles;

/// <summary>
/// STF, PRA, ORG, AFF, LAN, EDU, CER -> Practitioner and its roles. The Practitioner is the one that other messages name in XCN: by national
/// number, else by the first number with an authority.
/// </summary>
internal sealed class StaffAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private ResourceDraft? _practitioner;
    private ResourceDraft? _role;

    public void Stf(Hl7Segment stf, MasterRecord? record)
    {
        (_practitioner, _role) = (null, null);
        if (Number(stf) is not { } number)
        {
            return;
        }

        var draft = _scope.Resources.GetOrAdd("Practitioner", BusinessId.Of("Practitioner", number.Scope(_scope), number.Value), TranslationMode.Merge, out _);
        _practitioner = draft;
        _scope.Maps["STF-Practitioner"].Run(stf, draft, _scope);
        if (!draft.Content.ContainsKey("identifier"))
        {
            var identifier = new JsonObject();
            identifier.Put("system", number.System);
            identifier["value"] = number.Value;
            draft.Content["identifier"] = new JsonArray(identifier);
        }

        draft.Content["active"] = record?.IsActive != false && !stf[7].Is("I");
        var department = CweToOrganization.Draft(stf[8].Repetition(1), _scope);
        if (department is not null || stf[9].HasValue || stf[4].HasValue || stf[18].HasValue || stf[19].HasValue)
        {
            _role = Role(department);
            _role.Content["active"] = draft.Content["active"]!.DeepClone();
            _scope.Maps["STF-PractitionerRole"].Run(stf, _role, _scope);
        }
    }

    public void Pra(Hl7Segment pra)
    {
        if (_practitioner is not { } practitioner)
        {
            return;
        }

        _scope.Maps["PRA-Practitioner"].Run(pra, practitioner, _scope);
        Identifiers.Distinct(practitioner.Content);
        _role ??= Role(CweToOrganization.Draft(pra[9], _scope) ?? CweToOrganization.Draft(pra[2].Repetition(1), _scope));
        _scope.Maps["PRA-PractitionerRole"].Run(pra, _role, _scope);
    }

    /// <summary>ORG: a role in one organisation more.</summary>
    public void Org(Hl7Segment org)
    {
        if (_practitioner is not null && CweToOrganization.Draft(org[2], _scope) is { } organization)
        {
            _scope.Maps["ORG-PractitionerRole"].Run(org, Role(organization), _scope);
        }
    }

    /// <summary>AFF: a professional organisation.</summary>
    public void Aff(Hl7Segment aff)
    {
        if (_practitioner is not null && XonToOrganization.Draft(aff[2], _scope) is { } organization)
        {
            OrganizationContact.Complete(organization, aff[3], default, _scope);
            _scope.Maps["AFF-PractitionerRole"].Run(aff, Role(organization), _scope);
        }
    }

    /// <summary>LAN, EDU, CER: what the person speaks and has learnt.</summary>
    public void Person(Hl7Segment segment)
    {
        if (_practitioner is not { } practitioner)
        {
            return;
        }

        _scope.Maps[$"{segment.Name}-Practitioner"].Run(segment, practitioner, _scope);
        if (!segment.Is("LAN") && practitioner.Content["qualification"] is JsonArray { Count: > 0 } list && list[^1] is JsonObject last)
        {
            last["code"] ??= DataAbsent.Unknown();
        }
    }

    private ResourceDraft Role(ResourceDraft? organization) => XcnToPractitionerRole.Role(_practitioner, organization, null, _scope);

    private IdentifierKey? Number(Hl7Segment stf)
    {
        IdentifierKey? first = null;
        foreach (var cx in stf[2].Repetitions)
        {
            if (CxToIdentifier.Key(cx, _scope) is not { } key)
            {
                continue;
            }

            if (FhirText.Code(cx[5]) == "NPI" || key.System == Npi)
            {
                return key with { System = Npi };
            }

            first = first is { System: not null } || key.System is null ? first ?? key : key;
        }

        return first ?? (FhirText.String(stf[1][1]) is { } code ? new IdentifierKey(IdentifierKey.DefaultSystem(_scope), code) : null);
    }

    private const string Npi = "http://hl7.org/fhir/sid/us-npi";
}
