using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Access;

/// <summary>Grants as sets of what they open, against a reading of them word by word.</summary>
public sealed class GrantAlgebraProperties
{
    private static readonly string[] types = ["Patient", "Observation", "Practitioner", "MessageHeader"];
    private static readonly string[] conditions = ["category=a", "status=final"];
    private static readonly string[] elements = ["Patient.telecom", "Patient.address"];
    private static readonly string[] purposes = ["TREAT", "HRESCH"];
    private static readonly Config config = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static Gen<string?> Filters => Gen.Elements(null, null, conditions[0], conditions[1], string.Join('&', conditions), $"{conditions[1]}&{conditions[0]}");

    private static Gen<Interactions> Several => Gen.OneOf(Gen.Constant(Interactions.All), Gen.Choose(0, (int)Interactions.All).Select(bits => (Interactions)bits));

    private static Gen<AccessRule> Rules =>
        from context in Gen.Elements(AccessContext.Patient, AccessContext.Patient, AccessContext.System, AccessContext.System, AccessContext.User)
        from type in Gen.Elements([.. types, AccessRule.AnyType, AccessRule.AnyType, AccessRule.AnyType])
        from interactions in Several
        from filter in Filters
        from patient in Gen.Elements(null, null, "p", "q")
        from masked in Gen.SubListOf(elements)
        select new AccessRule(context, type, interactions, filter) { PatientId = patient, Masked = ElementMask.Of(masked) };

    private static Gen<AccessDenial> Denials =>
        from type in Gen.Elements([.. types, AccessRule.AnyType])
        from interactions in Gen.Choose(0, (int)Interactions.All)
        from patient in Gen.Elements(null, "p", "q")
        from filter in Filters
        select new AccessDenial(type, (Interactions)interactions, patient, filter);

    private static Gen<AccessGrant> Grants =>
        from subject in Gen.Elements("", "s", "s", "s", "t")
        from client in Gen.Elements("", "c")
        from patient in Gen.Elements(null, "", "p", "p", "q")
        from rules in Lists(Rules, 5)
        from denials in Gen.OneOf(Gen.Constant(new List<AccessDenial>()), Lists(Denials, 2))
        from purpose in Gen.Elements(PurposesOfUse.Any, PurposesOfUse.Any, PurposesOfUse.Any, PurposesOfUse.Of("TREAT"), PurposesOfUse.Of(purposes), PurposesOfUse.Of())
        select new AccessGrant(subject, client, patient, [.. rules]) { Denials = [.. denials], Purposes = purpose };

    /// <summary>A resource as far as a grant looks at it, and what is wanted of it.</summary>
    private sealed record Request(string Type, string? Patient, IList<string> Holds, Interactions Needed, string Purpose);

    private static Gen<Request> Requests =>
        from type in Gen.Elements(types)
        from patient in Gen.Elements(null, "p", "q")
        from holds in Gen.SubListOf(conditions)
        from needed in Gen.OneOf(Gen.Elements(1, 2, 2, 4, 8, 16, 18), Gen.Choose(1, (int)Interactions.All))
        from purpose in Gen.Elements(purposes)
        select new Request(type, PatientCompartment.Contains(type) ? patient : null, holds, (Interactions)needed, purpose);

    [Fact]
    public void A_grant_opens_what_its_rules_and_denials_say_word_by_word() => Check((grant, request) =>
        Opens(grant, request) == (Views(grant, request).Count > 0));

    [Fact]
    public void The_normal_form_opens_the_same_and_is_its_own_normal_form() => Check((grant, request) =>
        Opens(grant.Normal(), request) == Opens(grant, request) && ShowsAsMuch(grant, grant.Normal(), request) && ShowsAsMuch(grant.Normal(), grant, request)
        && grant.Normal().Normal() == grant.Normal());

    [Fact]
    public void What_two_grants_have_in_common_is_what_both_open_unless_they_are_of_different_people() => Check((one, other, request) =>
    {
        var both = one.Intersect(other);
        var strangers = one.Normal().Subject is { Length: > 0 } subject && other.Normal().Subject is { Length: > 0 } its && subject != its;
        return Opens(both, request) == (!strangers && Opens(one, request) && Opens(other, request))
            && ShowsAsMuch(one, both, request) && ShowsAsMuch(other, both, request);
    });

    [Fact]
    public void A_grant_has_itself_in_common_with_itself() => Check((grant, _) => grant.Intersect(grant) == grant.Normal());

    [Fact]
    public void It_does_not_matter_which_grant_comes_first() => Check((one, other, _) => one.Intersect(other) == other.Intersect(one));

    [Fact]
    public void It_does_not_matter_which_two_of_three_meet_first() => Prop.ForAll(Grants.ToArbitrary(), Grants.ToArbitrary(), Grants.ToArbitrary(), (one, two, three) =>
        one.Intersect(two).Intersect(three) == one.Intersect(two.Intersect(three))).Check(config);

    [Fact]
    public void Both_grants_cover_what_they_have_in_common() => Check((one, other, _) =>
        one.Covers(one.Intersect(other)) && other.Covers(one.Intersect(other)));

    [Fact]
    public void A_grant_that_covers_another_opens_all_that_the_other_opens() => Check((one, other, request) =>
        new[] { other, one.Intersect(other) }.All(smaller =>
            !one.Covers(smaller) || ((!Opens(smaller, request) || Opens(one, request)) && ShowsAsMuch(one, smaller, request))));

    [Fact]
    public void The_grants_of_these_properties_are_worth_asking()
    {
        var open = 0;
        Check((one, other, request) =>
        {
            open += Opens(one, request) && Opens(other, request) && Opens(one.Intersect(other), request) && !one.Covers(other) ? 1 : 0;
            return true;
        });
        Assert.True(open > 2, $"{open}");
    }

    [Fact]
    public void Covering_is_reflexive_and_two_that_cover_each_other_are_the_same() => Check((one, other, _) =>
        one.Covers(one) && one.Covers(AccessGrant.Nothing) && (!one.Covers(other) || !other.Covers(one) || one.Normal() == other.Normal() || SameButForPatient(one, other)));

    [Fact]
    public void Covering_is_transitive() => Prop.ForAll(Grants.ToArbitrary(), Grants.ToArbitrary(), Grants.ToArbitrary(), (one, two, three) =>
    {
        var (middle, least) = (one.Intersect(two), one.Intersect(two).Intersect(three));
        return (!one.Covers(middle) || !middle.Covers(least) || one.Covers(least)) && (!one.Covers(two) || !two.Covers(three) || one.Covers(three));
    }).Check(config);

    [Fact]
    public void A_grant_that_covers_another_has_the_other_in_common_with_it() => Check((one, other, _) =>
        !one.Covers(other) || SameButForPatient(one.Intersect(other), other) || one.Intersect(other).Covers(other));

    [Fact]
    public void A_denial_wins_over_every_rule() => Prop.ForAll(Grants.ToArbitrary(), Denials.ToArbitrary(), Requests.ToArbitrary(), (grant, denial, request) =>
        !Hits(denial, request) || !Opens(grant with { Denials = [.. grant.Denials, denial] }, request)).Check(config);

    [Fact]
    public void Nothing_is_in_common_with_nothing_and_no_purpose_opens_nothing() => Check((grant, request) =>
        grant.Intersect(AccessGrant.Nothing) == AccessGrant.Nothing && !Opens(grant with { Purposes = PurposesOfUse.Of() }, request)
        && !Opens(grant with { Rules = [] }, request) && !Opens(grant with { Rules = default }, request));

    [Fact]
    public void A_caller_that_enforces_less_is_told_of_less() => Check((grant, request) =>
    {
        var all = Answers(grant, request, Enforcement.All);
        return Answers(grant, request, Enforcement.None).All(view => view.IsNone && all.Contains(view))
            && Answers(grant, request, Enforcement.Denials).All(view => view.IsNone && all.Contains(view))
            && Answers(grant, request, Enforcement.Masks).All(all.Contains);
    });

    [Fact]
    public void A_condition_that_nobody_can_decide_is_not_lost()
    {
        var grant = new AccessGrant("s", "c", "p", [new AccessRule(AccessContext.System, "Observation", Interactions.Read, "")]);
        Assert.Equal("", Assert.Single(grant.Normal().Rules).Filter);
    }

    private static void Check(Func<AccessGrant, Request, bool> holds) =>
        Prop.ForAll(Grants.ToArbitrary(), Requests.ToArbitrary(), holds).Check(config);

    private static void Check(Func<AccessGrant, AccessGrant, Request, bool> holds) =>
        Prop.ForAll(Grants.ToArbitrary(), Grants.ToArbitrary(), Requests.ToArbitrary(), holds).Check(config);

    private static Gen<List<T>> Lists<T>(Gen<T> item, int most) =>
        Gen.Choose(0, most).SelectMany(length => item.ListOf(length)).Select(list => list.ToList());

    /// <summary>The patient in context says nothing of its own once each rule is bound.</summary>
    private static bool SameButForPatient(AccessGrant one, AccessGrant other) =>
        one.Normal() with { PatientId = null } == other.Normal() with { PatientId = null };

    private static bool Opens(AccessGrant grant, Request request) => Answers(grant.ForPurpose(request.Purpose), request, Enforcement.All).Count > 0;

    /// <summary>What is hidden of the resource, by each way that the grant's own answer lets it through.</summary>
    private static List<ElementMask> Answers(AccessGrant grant, Request request, Enforcement enforced) => grant.For(request.Type, request.Needed, enforced) switch
    {
        TypeAccess.Everything => [ElementMask.None],
        TypeAccess.Restricted restricted when !restricted.Denials.Any(denial => Hits(denial, request)) =>
        [
            .. restricted.Openings.Where(opening => (opening.PatientId is null || opening.PatientId == request.Patient) && Holds(opening.Filter, request))
                .Select(opening => opening.Masked),
        ],
        _ => [],
    };

    private static bool ShowsAsMuch(AccessGrant more, AccessGrant less, Request request) =>
        Answers(less.ForPurpose(request.Purpose), request, Enforcement.All)
            .All(view => Answers(more.ForPurpose(request.Purpose), request, Enforcement.All).Exists(view.Hides));

    /// <summary>What is hidden of the resource, by each rule that a reader finds to let it through.</summary>
    private static List<ElementMask> Views(AccessGrant grant, Request request)
    {
        if (!grant.Purposes.Allow(request.Purpose) || grant.Denials.Any(denial => Hits(denial, request)))
        {
            return [];
        }

        var open = new List<ElementMask>();
        foreach (var rule in grant.Rules)
        {
            var patient = rule.PatientId ?? grant.PatientId;
            var reading = (request.Needed & ~(Interactions.Read | Interactions.Search)) == Interactions.None;
            var reaches = rule.Context == AccessContext.System
                || (rule.Context == AccessContext.Patient && patient is { Length: > 0 }
                    && (PatientCompartment.IsDirectory(request.Type) ? reading : request.Patient == patient));
            if (reaches && (rule.ResourceType == "*" || rule.ResourceType == request.Type)
                && (rule.Interactions & request.Needed) == request.Needed && Holds(rule.Filter, request)
                && (rule.Masked.In(request.Type).IsNone || (request.Needed & (Interactions.Update | Interactions.Delete)) == Interactions.None))
            {
                open.Add(rule.Masked);
            }
        }

        return open;
    }

    private static bool Hits(AccessDenial denial, Request request) =>
        (denial.ResourceType == "*" || denial.ResourceType == request.Type) && (denial.Interactions & request.Needed) != Interactions.None
        && (denial.PatientId is null || denial.PatientId == request.Patient) && Holds(denial.Filter, request);

    private static bool Holds(string? filter, Request request) => filter is null || filter.Split('&').All(request.Holds.Contains);
}
