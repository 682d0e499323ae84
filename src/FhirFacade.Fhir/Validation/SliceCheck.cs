using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Slices: https://hl7.org/fhir/R4/profiling.html#slicing</summary>
internal sealed class SliceCheck(ValidationRun run, ProfileCheck profiles)
{
    private readonly SliceDiscriminators _discriminators = new(run, profiles);

    /// <summary>Finds the slice of each item, checks it against it, and counts.</summary>
    public void Check(IReadOnlyList<InstanceNode> items, ProfileElement element, NodePlace place, Profile profile)
    {
        var slicing = element.Slicing ?? Inherited(element, profile);
        var counts = new int[element.Slices.Length];
        var last = -1;
        var others = false;
        foreach (var item in items)
        {
            var slice = SliceOf(item, element, slicing);
            if (slice < 0)
            {
                others = true;
                if (slicing?.Rules == SlicingRules.Closed)
                {
                    run.Error(IssueType.Structure, item.Place, $"The item is none of the slices of {profile.Url}, which allows no others.");
                }

                continue;
            }

            counts[slice]++;
            if (others && slicing?.Rules == SlicingRules.OpenAtEnd)
            {
                run.Error(IssueType.Structure, item.Place, $"The slices of {profile.Url} stand before all others.");
            }

            if (slicing?.IsOrdered == true && slice < last)
            {
                run.Error(IssueType.Structure, item.Place, $"The slices of {profile.Url} stand in their order.");
            }

            last = Math.Max(last, slice);
            profiles.Element(item, element.Slices[slice], profile);
        }

        for (var index = 0; index < counts.Length; index++)
        {
            profiles.Cardinality(counts[index], element.Slices[index], place, profile);
        }
    }

    /// <summary>Whether an item is of the slice of this name; null where the profile has none, or the item is of another type than the sliced element.</summary>
    public bool? IsIn(InstanceNode item, string name, Profile profile) =>
        Sliced(profile.Root, name).FirstOrDefault(sliced => R4.Definitions.Type(profile.Type) is { } root && IsOf(root, sliced.Id, item)) is { } element
            ? SliceOf(item, element, element.Slicing ?? Inherited(element, profile)) is var index && index >= 0 && element.Slices[index].SliceName == name
            : null;

    private static IEnumerable<ProfileElement> Sliced(ProfileElement element, string name) =>
        (element.Slices.Any(slice => slice.SliceName == name) ? [element] : Array.Empty<ProfileElement>())
            .Concat(element.Children.Concat(element.Slices).SelectMany(inner => Sliced(inner, name)));

    /// <summary>Whether the element that an id such as <c>Observation.component</c> leads to can be the item.</summary>
    private static bool IsOf(TypeDefinition root, string id, InstanceNode item)
    {
        var type = root;
        IReadOnlyList<string> names = [root.Name];
        foreach (var part in id.Split('.').Skip(1))
        {
            var name = part.Split(':')[0].Replace("[x]", "", StringComparison.Ordinal);
            if (type?.Element(name) is not { } element)
            {
                return false;
            }

            names = element.Types;
            type = names.Count == 1 ? R4.Definitions.Type(names[0]) : null;
        }

        return names.Any(name => R4.Definitions.IsA(item.Type.Name, name));
    }

    // Of slices of a slice (a/b) the inner one is the closer match.
    private int SliceOf(InstanceNode item, ProfileElement element, Slicing? slicing)
    {
        for (var index = element.Slices.Length - 1; index >= 0; index--)
        {
            if (_discriminators.Match(item, element.Slices[index], slicing))
            {
                return index;
            }
        }

        return -1;
    }

    private Slicing? Inherited(ProfileElement element, Profile profile)
    {
        for (var ancestor = profile; ancestor is { IsDifferential: true, BaseUrl: { } url }; ancestor = run.Profiles.Find(url))
        {
            if (run.Profiles.Find(url) is { } above && Find(above.Root, element.Id)?.Slicing is { } slicing)
            {
                return slicing;
            }
        }

        return null;
    }

    private static ProfileElement? Find(ProfileElement root, string id) =>
        root.Id == id ? root : root.Children.Concat(root.Slices).Select(child => Find(child, id)).FirstOrDefault(found => found is not null);
}
