using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Turns criteria into predicates. Wherever one reaches into another table, the grant's condition on that table goes with it.</summary>
internal static class CriterionCompiler
{
    /// <summary>The criterion as a condition on the rows of the type.</summary>
    /// <param name="type">The type whose rows are tested.</param>
    /// <param name="criterion">What is to hold of them.</param>
    /// <param name="grant">Applied to every other table that is looked into.</param>
    public static Predicate Compile(string type, Criterion criterion, AccessGrant grant) => criterion switch
    {
        Criterion.Matches matches => ValueCompiler.Compile(type, matches, grant),
        Criterion.Missing missing => Compile(missing),
        Criterion.Chain chain => Predicate.AnyOf(chain.Targets.Select(target => Compile(chain, target, grant))),
        Criterion.Has has => Compile(has, grant),
        Criterion.All all => Predicate.AllOf(all.Parts.Select(part => Compile(type, part, grant))),
        Criterion.Any any => Predicate.AnyOf(any.Parts.Select(part => Compile(type, part, grant))),
        Criterion.Not not => Predicate.NotOf(Compile(type, not.Inner, grant)),
        Criterion.Word { Anywhere: true } word => new Predicate.Content(word.Normalised),
        Criterion.Word word => new Predicate.HasTerm([Terms.Word(word.Normalised)]),
        Criterion.OfCompartment compartment => Compile(compartment),
        _ => throw new InvalidOperationException($"A criterion that cannot be compiled: {criterion.GetType().Name}."),
    };

    private static Predicate Compile(Criterion.Missing missing)
    {
        Predicate present = missing.Parameter.Code is "_id" or "_lastUpdated"
            ? new Predicate.Always()
            : new Predicate.Present(Terms.Parameter(missing.Parameter.Code));
        return missing.IsMissing ? Predicate.NotOf(present) : present;
    }

    private static Predicate Compile(Criterion.OfCompartment compartment)
    {
        var references = compartment.Parameters.Select(p => Terms.Reference(p.Code, compartment.Compartment, compartment.Id)).ToList();
        Predicate linked = references.Count == 0 ? new Predicate.Never() : new Predicate.HasTerm([.. references]);
        return compartment.IsOwner ? Predicate.AnyOf([new Predicate.IdIs([compartment.Id]), linked]) : linked;
    }

    private static Predicate Compile(Criterion.Chain chain, ChainTarget target, AccessGrant grant)
    {
        var inner = Granted(target.Type, target.Criterion, grant);
        return inner is Predicate.Never
            ? inner
            : new Predicate.RefersTo(Terms.ReferenceConstant(chain.Reference.Code), target.Type, inner);
    }

    private static Predicate Compile(Criterion.Has has, AccessGrant grant)
    {
        var inner = Granted(has.SourceType, has.Source, grant);
        return inner is Predicate.Never
            ? inner
            : new Predicate.ReferredToBy(has.SourceType, Terms.ReferenceConstant(has.Reference.Code), inner);
    }

    private static Predicate Granted(string type, Criterion criterion, AccessGrant grant)
    {
        return Predicate.AllOf([GrantPredicate.Of(grant, type, Interactions.Search), Compile(type, criterion, grant)]);
    }
}
