using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Whether nodes conform to profiles: https://hl7.org/fhir/R4/profiling.html</summary>
internal sealed class ProfileCheck
{
    private const int MaxDepth = 64;
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";
    private readonly ValidationRun _run;
    private readonly SliceCheck _slices;
    private int _depth;

    public ProfileCheck(ValidationRun run)
    {
        _run = run;
        _slices = new SliceCheck(run, this);
    }

    /// <summary>As <see cref="SliceCheck.IsIn"/>.</summary>
    public bool? IsInSlice(InstanceNode item, string slice, Profile profile) => _slices.IsIn(item, slice, profile);

    /// <summary>Checks a resource against the profiles that its meta claims.</summary>
    public void Claims(InstanceNode resource)
    {
        foreach (var meta in _run.Children.Named(resource, "meta"))
        {
            foreach (var claim in _run.Children.Named(meta, "profile"))
            {
                if (claim.Json.ValueKind == JsonValueKind.String)
                {
                    Claimed(resource, claim.Json.GetString()!, claim.Place);
                }
            }
        }
    }

    /// <summary>Checks a node against the profile of a url.</summary>
    /// <param name="node">The resource.</param>
    /// <param name="url">Canonical url, with or without version.</param>
    /// <param name="place">Where the profile is named, for what is wrong with that.</param>
    public void Claimed(InstanceNode node, string url, NodePlace place)
    {
        if (_run.Profiles.Find(url) is { } profile)
        {
            if (profile.Type == node.Type.Name)
            {
                Check(node, profile);
            }
            else
            {
                _run.Error(IssueType.Invalid, place, $"The profile is one of {profile.Type}.");
            }
        }
        else if (url.StartsWith(Core, StringComparison.Ordinal) && R4.Definitions.Type(url[Core.Length..]) is { } type)
        {
            if (!R4.Definitions.IsA(node.Type.Name, type.Name))
            {
                _run.Error(IssueType.Invalid, place, $"The profile is one of {type.Name}.");
            }
        }
        else
        {
            _run.Report(IssueSeverity.Warning, IssueType.NotFound, place, "The profile is not known; the resource is not checked against it.");
        }
    }

    /// <summary>Checks a node against a profile of its type.</summary>
    public void Check(InstanceNode node, Profile profile)
    {
        if (++_depth <= MaxDepth)
        {
            if (profile.IsDifferential && profile.BaseUrl is { } baseUrl && _run.Profiles.Find(baseUrl) is { } ancestor)
            {
                Check(node, ancestor);
            }

            Element(node, profile.Root, profile);
        }
        else
        {
            _run.Error(IssueType.TooCostly, node.Place, "Profiles refer to each other too deeply.");
        }

        _depth--;
    }

    /// <summary>Checks a node against what a profile says about an element or slice, and everything below.</summary>
    public void Element(InstanceNode node, ProfileElement element, Profile profile)
    {
        if (!Type(node, element, profile))
        {
            return;
        }

        if (element.Fixed.ValueKind != JsonValueKind.Undefined && !JsonMatch.IsFixed(node.Json, element.Fixed))
        {
            _run.Error(IssueType.Value, node.Place, $"The value is not the one that {profile.Url} fixes.");
        }

        if (element.Pattern.ValueKind != JsonValueKind.Undefined && !JsonMatch.HasPattern(node.Json, element.Pattern))
        {
            _run.Error(IssueType.Value, node.Place, $"The value has not the pattern of {profile.Url}.");
        }

        ValueLimits.Check(node, element, profile, _run);
        if (element.Binding is { } binding)
        {
            BindingCheck.Check(node, binding, profile, _run);
        }

        foreach (var constraint in element.Constraints)
        {
            ConstraintCheck.Check(node, constraint, profile, _run);
        }

        foreach (var child in element.Children)
        {
            Child(node, child, profile);
        }
    }

    private void Child(InstanceNode node, ProfileElement child, Profile profile)
    {
        if (node.Type.Element(child.Name) is not { } definition)
        {
            return;
        }

        var items = _run.Children.Named(node, child.Name);
        var place = new NodePlace(node.Place, definition.Name);
        Cardinality(items.Count, child, place, profile);
        foreach (var item in items)
        {
            Element(item, child, profile);
        }

        if (!child.Slices.IsEmpty || child.Slicing is { Rules: SlicingRules.Closed })
        {
            _slices.Check(items, child, place, profile);
        }
    }

    /// <summary>Reports a number of repetitions that the profile does not allow.</summary>
    public void Cardinality(int count, ProfileElement element, NodePlace place, Profile profile)
    {
        var what = element.SliceName is null ? "" : $" of the slice {element.SliceName}";
        if (count < element.Min)
        {
            _run.Error(IssueType.Required, place, $"At least {element.Min}{what} must be there, by {profile.Url}.");
        }
        else if (count > element.Max)
        {
            _run.Error(IssueType.Structure, place, $"At most {element.Max}{what} may be there, by {profile.Url}.");
        }
    }

    private bool Type(InstanceNode node, ProfileElement element, Profile profile)
    {
        if (element.Types.IsEmpty || element.Name == node.Type.Name)
        {
            return true;
        }

        var matching = element.Types.Where(type => type.Code == node.Type.Name || R4.Definitions.IsA(node.Type.Name, type.Code)).ToList();
        if (matching.Count == 0)
        {
            // The parts of an element have a type of their own name.
            if (node.Type.Kind == TypeKind.Backbone)
            {
                return true;
            }

            _run.Error(IssueType.Structure, node.Place, $"The type is not one that {profile.Url} allows.");
            return false;
        }

        var demanded = matching.SelectMany(type => type.Profiles).Select(_run.Profiles.Find).ToList();
        if (demanded is [{ } only])
        {
            Check(node, only);
        }
        else if (demanded.Count > 1 && demanded.TrueForAll(one => one is not null) && !demanded.Exists(one => _run.Passes(() => Check(node, one!))))
        {
            _run.Error(IssueType.Structure, node.Place, $"The value conforms to none of the profiles that {profile.Url} allows.");
        }

        if (node.Type.Name == "Reference")
        {
            Target(node, [.. matching.SelectMany(type => type.TargetProfiles)], profile);
        }

        return true;
    }

    private void Target(InstanceNode reference, IReadOnlyList<string> allowed, Profile profile)
    {
        if (allowed.Count == 0 || reference.Text("reference") is not { } url)
        {
            return;
        }

        var inside = _run.FollowInside(reference);
        var target = (inside ?? _run.Follow(reference))?.Type.Name ?? (url.StartsWith('#') ? null : ReferenceTarget.TypeOf(url, R4.Definitions)) ?? reference.Text("type");
        var types = allowed.Select(TypeOf).ToList();
        if (target is not null && !types.Exists(type => type is null || R4.Definitions.IsA(target, type)))
        {
            _run.Error(IssueType.Structure, reference.Place, $"The reference may lead to {string.Join(", ", types.Distinct())} only, by {profile.Url}.");
        }
        else if (inside is not null && !Conforms(inside, allowed))
        {
            _run.Error(IssueType.Structure, reference.Place, $"What the reference leads to conforms to none of the profiles that {profile.Url} allows.");
        }
    }

    /// <summary>Whether the target of a reference, which is at hand, conforms to one of the profiles; where one is not known that cannot be denied.</summary>
    private bool Conforms(InstanceNode target, IReadOnlyList<string> allowed) => allowed.Any(url =>
        _run.Profiles.Find(url) is not { } profile
            ? TypeOf(url) is not { } type || R4.Definitions.IsA(target.Type.Name, type)
            : profile.Type == target.Type.Name && _run.ConformsOnce(target, profile, () => Check(target, profile)));

    /// <summary>The type that a profile is of; null where it is not known.</summary>
    private string? TypeOf(string url) => _run.Profiles.Find(url)?.Type
        ?? (url.StartsWith(Core, StringComparison.Ordinal) && R4.Definitions.Type(url[Core.Length..]) is { } type ? type.Name : null);
}
