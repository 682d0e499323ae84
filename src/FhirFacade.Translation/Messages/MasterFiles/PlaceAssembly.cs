using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.MasterFiles;

/// <summary>LOC, LRL, LDP -> the Location that other messages name in PL, its parent, and the services (departments) that work there.</summary>
internal sealed class PlaceAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private ResourceDraft? _location;

    public void Loc(Hl7Segment loc, MasterRecord? record)
    {
        _location = PlToLocation.Of(loc[1], _scope);
        if (_location is { } location)
        {
            _scope.Maps["LOC-Location"].Run(loc, location, _scope);
            location.Content["status"] = record?.IsActive == false ? "inactive" : "active";
        }
    }

    /// <summary>Only the parent (PAR) is a relation that R4 has.</summary>
    public void Lrl(Hl7Segment lrl)
    {
        if (_location is { } location && lrl[4][1].Is("PAR") && PlToLocation.Of(lrl[6].Repetition(1), _scope) is { } parent && parent != location)
        {
            _scope.Maps["LRL-Location"].Run(lrl, location, _scope);
            location.Content["partOf"] = parent.Reference((string?)parent.Content["name"]);
            location.Content.Put("managingOrganization", XonToOrganization.Draft(lrl[5].Repetition(1), _scope) is { } owner ? XonToOrganization.Reference(owner) : null);
        }
    }

    public void Ldp(Hl7Segment ldp, MasterRecord? record)
    {
        var location = PlToLocation.Of(ldp[1], _scope) ?? _location;
        var department = FhirText.Code(ldp[2][1]) ?? CweToString.Text(ldp[2]);
        if (location is null || department is null)
        {
            return;
        }

        var draft = _scope.Resources.GetOrAdd("HealthcareService", BusinessId.Of("HealthcareService", location.Id, department), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        _scope.Maps["LDP-HealthcareService"].Run(ldp, target, _scope);
        target.Content["location"] = new JsonArray(location.Reference((string?)location.Content["name"]));
        target.Content.Put("providedBy", location.Content["managingOrganization"]?.DeepClone());
        target.Content["active"] = record?.IsActive != false && !ldp[6].Is("I");
    }
}
