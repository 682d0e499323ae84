using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Validation;

/// <summary>Discriminators: https://hl7.org/fhir/R4/profiling.html#discriminator</summary>
internal sealed class SliceDiscriminators(ValidationRun run, ProfileCheck profiles)
{
    private static readonly Discriminator ByUrl = new(DiscriminatorType.Value, "url");
    private static readonly Discriminator ByType = new(DiscriminatorType.Type, "$this");

    /// <summary>Whether an item is of a slice: every discriminator that the slice says something about agrees.</summary>
    public bool Match(InstanceNode item, ProfileElement slice, Slicing? slicing)
    {
        IEnumerable<Discriminator> discriminators = slicing is { Discriminators.IsEmpty: false } ? slicing.Discriminators
            : slice.Name is "extension" or "modifierExtension" ? [ByUrl]
            : item.Element is { IsChoice: true } ? [ByType]
            : [];
        var says = false;
        foreach (var discriminator in discriminators)
        {
            switch (Match(item, slice, discriminator))
            {
                case false:
                    return false;
                case true:
                    says = true;
                    break;
            }
        }

        return says;
    }

    private bool? Match(InstanceNode item, ProfileElement slice, Discriminator discriminator)
    {
        var steps = DiscriminatorPath.Parse(discriminator.Path);
        var place = steps.Aggregate<DiscriminatorStep, SlicePlace?>(new SlicePlace(slice, null, null), (at, step) => at is null ? null : Definition(at, step));
        if (place is null)
        {
            return null;
        }

        var nodes = steps.Aggregate<DiscriminatorStep, IEnumerable<InstanceNode>>([item], (at, step) => at.SelectMany(node => Instance(node, step))).ToList();
        return discriminator.Type switch
        {
            DiscriminatorType.Exists => place.Element?.Max == 0 ? nodes.Count == 0 : place.Element?.Min > 0 ? nodes.Count > 0 : null,
            DiscriminatorType.Type => IsOfType(nodes, place, steps),
            DiscriminatorType.Profile => Profiles(place) is { Count: > 0 } demanded
                ? nodes.Exists(node => demanded.Exists(profile => profile.Type == node.Type.Name && run.Passes(() => profiles.Check(node, profile))))
                : null,
            _ => HasValue(nodes, place),
        };
    }

    private bool? HasValue(List<InstanceNode> nodes, SlicePlace place)
    {
        if (place.FixedText is { } text)
        {
            return nodes.Exists(node => node.Json.ValueKind == JsonValueKind.String && node.Json.ValueEquals(text));
        }

        return place.Element is { } element && Decides(element)
            ? nodes.Exists(node => run.Passes(() => profiles.Element(node, element, place.Profile ?? Unnamed)))
            : null;
    }

    private static readonly Profile Unnamed = new("the profile", null, "Element", null, false, [], new ProfileElement { Id = "Element", Name = "Element" });

    private static bool Decides(ProfileElement element) =>
        element.Fixed.ValueKind != JsonValueKind.Undefined || element.Pattern.ValueKind != JsonValueKind.Undefined
        || element.Binding is { Strength: BindingStrength.Required } || element.Children.Any(Decides) || element.Slices.Any(slice => slice.Min > 0 && Decides(slice));

    private static bool? IsOfType(List<InstanceNode> nodes, SlicePlace place, IReadOnlyList<DiscriminatorStep> steps)
    {
        IReadOnlyList<string> codes = place.Profile is { } profile && steps is [.., { Kind: DiscriminatorStepKind.Resolve }] ? [profile.Type]
            : place.TargetTypes is { } targets ? targets
            : [.. place.Element?.Types.Select(type => type.Code) ?? []];
        return codes.Count == 0 ? null : nodes.Exists(node => codes.Any(code => R4.Definitions.IsA(node.Type.Name, code)));
    }

    private List<Profile> Profiles(SlicePlace place) => place.Profile is { } profile && place.Element == profile.Root
        ? [profile]
        : [.. (place.Element?.Types ?? []).SelectMany(type => type.Profiles).Select(run.Profiles.Find).OfType<Profile>()];

    private SlicePlace? Definition(SlicePlace at, DiscriminatorStep step)
    {
        var element = at.Element;
        switch (step.Kind)
        {
            case DiscriminatorStepKind.Resolve:
                var targets = element?.Types.SelectMany(type => type.TargetProfiles).ToList() ?? [];
                return targets.Select(run.Profiles.Find).FirstOrDefault(profile => profile is not null) is { } target
                    ? new SlicePlace(target.Root, target, null)
                    : targets.Count > 0 ? new SlicePlace(null, null, null) { TargetTypes = [.. targets.Select(url => url[(url.LastIndexOf('/') + 1)..])] } : null;
            case DiscriminatorStepKind.OfType:
                return element is null ? null
                    : element.Slices.FirstOrDefault(slice => slice.Types.Any(type => type.Code == step.Name)) is { } typed ? at with { Element = typed } : at;
            case DiscriminatorStepKind.Extension:
                var extension = Inner(at, "extension");
                return extension?.Element?.Slices.FirstOrDefault(slice => slice.Types.Any(type => type.Profiles.Contains(step.Name))) is { } found
                    ? extension with { Element = found }
                    : null;
            default:
                return Inner(at, step.Name);
        }
    }

    // What the slice does not say itself, the profile of its type does.
    private SlicePlace? Inner(SlicePlace at, string name)
    {
        // Or a slice within it that has to be there.
        if ((at.Element?.Child(name) ?? at.Element?.Slices.Where(slice => slice.Min > 0).Select(slice => slice.Child(name)).FirstOrDefault(found => found is not null)) is { } child)
        {
            return at with { Element = child };
        }

        var demanded = at.Element?.Types.SelectMany(type => type.Profiles).FirstOrDefault();
        return demanded is null ? null
            : run.Profiles.Find(demanded) is { } profile ? profile.Root.Child(name) is { } own ? new SlicePlace(own, profile, null) : null
            : name == "url" ? new SlicePlace(null, null, demanded) : null;
    }

    private IEnumerable<InstanceNode> Instance(InstanceNode node, DiscriminatorStep step) => step.Kind switch
    {
        DiscriminatorStepKind.Resolve => run.Follow(node) is { } target ? [target] : [],
        DiscriminatorStepKind.OfType => R4.Definitions.IsA(node.Type.Name, step.Name) ? [node] : [],
        DiscriminatorStepKind.Extension => run.Children.Named(node, "extension").Where(extension => extension.Text("url") == step.Name),
        _ => run.Children.Named(node, step.Name),
    };

    /// <summary>Where a discriminator's path leads in the definition of a slice.</summary>
    private sealed record SlicePlace(ProfileElement? Element, Profile? Profile, string? FixedText)
    {
        public IReadOnlyList<string>? TargetTypes { get; init; }
    }
}
