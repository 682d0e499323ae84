using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>
/// <c>:above</c> and <c>:below</c> of references: https://hl7.org/fhir/R4/search.html#recursive. Every step goes through rows that the
/// grant opens, so that what is hidden cannot be told from what is not there.
/// </summary>
internal static class HierarchyCompiler
{
    /// <summary>References to the resource named, or to one that lies above or below it, up to <see cref="SearchLimits.MaxLevels"/> steps away.</summary>
    public static Predicate Compile(SearchParameter parameter, SearchValue.Reference reference, SearchModifier modifier, AccessGrant grant)
    {
        var type = reference.Type ?? throw new InvalidOperationException("A hierarchy begins with a resource of a known type.");
        var parent = Hierarchies.ParentOf(type) ?? throw new InvalidOperationException("The type has no parts.");
        var granted = GrantPredicate.Of(grant, type, Interactions.Search);
        Predicate direct = new Predicate.HasTerm([Terms.Reference(parameter.Code, type, reference.Id)]);
        if (granted is Predicate.Never)
        {
            return direct;
        }

        var constant = Terms.ReferenceConstant(parent.Code);
        var isPart = new Predicate.HasTerm([Terms.Reference(parent.Code, type, reference.Id)]);
        Predicate other = modifier == SearchModifier.Below ? isPart : IsWhole(new Predicate.IdIs([reference.Id]));
        for (var level = 1; level < SearchLimits.MaxLevels; level++)
        {
            var inner = Predicate.AllOf([granted, other]);
            other = modifier == SearchModifier.Below
                ? Predicate.AnyOf([isPart, new Predicate.RefersTo(constant, type, inner)])
                : Predicate.AnyOf([IsWhole(new Predicate.IdIs([reference.Id])), new Predicate.ReferredToBy(type, constant, inner)]);
        }

        return Predicate.AnyOf([direct, new Predicate.RefersTo(Terms.ReferenceConstant(parameter.Code), type, Predicate.AllOf([granted, other]))]);

        Predicate IsWhole(Predicate ofPart) => new Predicate.ReferredToBy(type, constant, Predicate.AllOf([granted, ofPart]));
    }
}
