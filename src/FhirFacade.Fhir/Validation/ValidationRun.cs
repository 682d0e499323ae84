using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Validation;

/// <summary>One validation: enters resources, keeps their frames and gathers the issues. Used by one thread.</summary>
internal sealed class ValidationRun
{
    private readonly ResourceValidator _validator;
    private readonly ValidationRequest _request;
    private readonly RuleWalk _rules;
    private readonly ProfileCheck _profiles;
    private readonly Dictionary<ResourceFrame, BundleEntries> _bundles = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(int Offset, string Profile), bool> _conforming = [];
    private JsonElement _root;
    private List<Issue> _issues = [];
    private int _errors;
    private int _others;

    public ValidationRun(ResourceValidator validator, ValidationRequest request)
    {
        (_validator, _request) = (validator, request);
        Children = new InstanceChildren(R4.Definitions, Enter);
        _profiles = new ProfileCheck(this);
        _rules = new RuleWalk(this, _profiles);
    }

    public IReadOnlyList<Issue> Issues => _issues;

    public ProfileSet Profiles => _validator.Profiles;

    public TerminologySet Terminology => _validator.Terminology;

    public InstanceChildren Children { get; }

    /// <summary>Validates the resource at the root and all in it.</summary>
    public void Resource(JsonElement resource)
    {
        _root = resource;
        if (Enter(resource, null, new NodePlace(null, resource.Text("resourceType") ?? "Resource"), null) is { } root)
        {
            _rules.Walk(root);
            foreach (var url in _request.Profiles)
            {
                _profiles.Claimed(root, url, root.Place);
            }
        }
    }

    public void Report(IssueSeverity severity, string code, NodePlace place, string rule, string? key = null)
    {
        // Advice does not keep errors from being seen.
        ref var count = ref severity <= IssueSeverity.Error ? ref _errors : ref _others;
        if (count++ < StructureValidator.MaxIssues)
        {
            _issues.Add(new Issue(severity, code, rule, place.ToString()) { ConstraintKey = key });
        }
    }

    public void Error(string code, NodePlace place, string rule, string? key = null) => Report(IssueSeverity.Error, code, place, rule, key);

    /// <summary>Whether a check finds no error; what it finds is not kept.</summary>
    public bool Passes(Action check)
    {
        var kept = (_issues, _errors, _others);
        (_issues, _errors, _others) = ([], 0, 0);
        check();
        var passes = !_issues.Exists(issue => issue.IsError);
        (_issues, _errors, _others) = kept;
        return passes;
    }

    /// <summary>The node of what a reference leads to; null where it is not at hand.</summary>
    public InstanceNode? Follow(InstanceNode reference)
    {
        var url = reference.IsPrimitive ? reference.Json.ValueKind == JsonValueKind.String ? reference.Json.GetString() : null : reference.Text("reference");
        return url is { Length: > 0 } && Find(reference.Frame, url) is { } target
            ? Enter(target, reference, new NodePlace(reference.Place, "resolve()"), null)
            : null;
    }

    /// <summary>As <see cref="Follow"/>, only where the target is contained or in the same Bundle.</summary>
    public InstanceNode? FollowInside(InstanceNode reference) =>
        reference.Text("reference") is { Length: > 0 } url && FindInside(reference.Frame, url) is { } target
            ? Enter(target, reference, new NodePlace(reference.Place, "resolve()"), null)
            : null;

    /// <summary>
    /// Whether a resource inside the one that is validated conforms to a profile. Each pair is looked at once; while it is being
    /// looked at, it counts as conforming: resources refer to each other in circles.
    /// </summary>
    public bool ConformsOnce(InstanceNode target, Profile profile, Action check)
    {
        if (_root.ValueKind == JsonValueKind.Undefined || !JsonMarshal.GetRawUtf8Value(_root).Overlaps(JsonMarshal.GetRawUtf8Value(target.Json), out var offset))
        {
            return true;
        }

        if (!_conforming.TryGetValue((offset, profile.Url), out var conforms))
        {
            _conforming[(offset, profile.Url)] = true;
            _conforming[(offset, profile.Url)] = conforms = Passes(check);
        }

        return conforms;
    }

    private InstanceNode? Enter(JsonElement json, InstanceNode? parent, NodePlace place, ElementDefinition? element)
    {
        if (json.Text("resourceType") is not { } name || R4.Definitions.Type(name) is not { Kind: TypeKind.Resource, IsAbstract: false } type)
        {
            return null;
        }

        var isContained = element?.Path == "DomainResource.contained";
        ResourceFrame? frame = null;
        frame = new ResourceFrame(json, isContained ? parent!.Frame.Container : json, name, new FhirPathContext
        {
            Resolve = url => Find(frame!, url),
            MemberOf = (valueSet, system, code) => Terminology.Contains(valueSet, system, code),
            Subsumes = (system, code, below) => Terminology.Subsumes(system, code, below) is { } outcome ? outcome is Subsumption.Equivalent or Subsumption.Subsumes : null,
            IsInSlice = (item, url, slice) => IsInSlice(frame!, item, url, slice),
            ConformsTo = (resource, url) => Profiles.Find(url) is null ? null
                : Passes(() => { if (Enter(resource, null, place, null) is { } node) { _profiles.Claimed(node, url, place); } }),
        }, parent?.Frame, place);
        return new InstanceNode(json, default, type, element, place, frame, parent);
    }

    /// <summary>What an expression over a resource may know; null where it is no resource of R4.</summary>
    public FhirPathContext? ContextOf(JsonElement resource) => Enter(resource, null, new NodePlace(null, "Resource"), null)?.Frame.Context;

    private bool? IsInSlice(ResourceFrame frame, FhirPathValue item, string url, string slice) =>
        Profiles.Find(url) is { } profile && R4.Definitions.Type(item.TypeName) is { } type
            ? _profiles.IsInSlice(new InstanceNode(item.Json, default, type, null, new NodePlace(frame.Place, slice), frame, null), slice, profile)
            : null;

    private JsonElement? Find(ResourceFrame frame, string url) => FindInside(frame, url) ?? (url[0] == '#' ? null : _request.Resolve?.Invoke(url));

    private JsonElement? FindInside(ResourceFrame frame, string url)
    {
        if (url[0] == '#')
        {
            return url.Length == 1 ? frame.Container
                : frame.Container.Items("contained").Where(item => item.Text("id") == url[1..]).Select(item => (JsonElement?)item).FirstOrDefault();
        }

        for (var outer = frame; outer is not null; outer = outer.Outer)
        {
            if (outer.Type == "Bundle" && EntriesOf(outer).Find(url) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private BundleEntries EntriesOf(ResourceFrame bundle)
    {
        if (!_bundles.TryGetValue(bundle, out var entries))
        {
            _bundles[bundle] = entries = new BundleEntries(bundle.Resource);
        }

        return entries;
    }
}
