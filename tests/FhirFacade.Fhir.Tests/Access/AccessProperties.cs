using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Access;

public sealed class AccessProperties
{
    private static readonly string[] Types = ["Patient", "Observation", "Encounter", "MessageHeader"];

    private static readonly Interactions[] Single =
        [Interactions.Create, Interactions.Read, Interactions.Update, Interactions.Delete, Interactions.Search];

    private static Gen<AccessRule> Rules =>
        from context in Gen.Elements(AccessContext.Patient, AccessContext.User, AccessContext.System)
        from type in Gen.Elements([.. Types, AccessRule.AnyType])
        from interactions in Gen.Choose(1, (int)Interactions.All)
        from filter in Gen.Elements(null, "category=a", "status=final&code=x|y")
        select new AccessRule(context, type, (Interactions)interactions, filter);

    private static Gen<string> Scribble =>
        from pieces in Gen.Elements(
            "patient", "user", "system", "/", "*", ".", "Observation", "Patient", "c", "r", "u", "d", "s", "read", "write",
            "?", "category=a", "&", "=", " ", "\n", "é", "%20").ListOf()
        select string.Concat(pieces);

    [Fact]
    public void A_rule_written_as_a_scope_is_read_back_as_the_same_rule()
    {
        Prop.ForAll(Rules.ToArbitrary(), rule => SmartScopes.Parse(rule.ToScope()).Rules.SequenceEqual([rule])).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_read_from_a_scope_never_opens_more_than_is_written_there()
    {
        Prop.ForAll(Scribble.ToArbitrary(), text =>
        {
            var (rules, unknown) = SmartScopes.Parse(text);
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
            return rules.All(r => words.Any(w => WrittenIn(r, w))) && unknown.All(words.Contains) && rules.Length + unknown.Length <= words.Count;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Without_rules_nothing_is_open()
    {
        Prop.ForAll(Gen.Elements(Types).ToArbitrary(), Gen.Elements(Single).ToArbitrary(), (type, needed) =>
            new AccessGrant("s", "c", "p", []).For(type, needed) is TypeAccess.Denied
            && new AccessGrant("s", "c", "p", default).For(type, needed) is TypeAccess.Denied
            && AccessGrant.Nothing.For(type, needed) is TypeAccess.Denied).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_type_is_open_only_if_a_rule_of_the_grant_names_it_and_what_is_needed()
    {
        Prop.ForAll(Rules.ArrayOf().ToArbitrary(), Gen.Elements(Types).ToArbitrary(), Gen.Elements(Single).ToArbitrary(), (rules, type, needed) =>
        {
            var named = rules.Where(r => (r.ResourceType == "*" || r.ResourceType == type) && r.Interactions.HasFlag(needed)).ToList();
            return new AccessGrant("s", "c", "p", [.. rules]).For(type, needed) switch
            {
                TypeAccess.Denied => true,
                TypeAccess.Everything => named.Any(r => r.Filter is null && r.Context != AccessContext.User),
                TypeAccess.Restricted restricted => restricted.Openings.Length > 0
                    && restricted.Openings.All(o => o.PatientId is not null || o.Filter is not null)
                    && restricted.Openings.All(o => named.Any(r => r.Filter == o.Filter
                        && (o.PatientId is null ? r.Context == AccessContext.System : r.Context == AccessContext.Patient && o.PatientId == "p"))),
                _ => false,
            };
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Without_a_patient_the_rules_of_the_patient_context_open_nothing()
    {
        Prop.ForAll(Rules.ArrayOf().ToArbitrary(), Gen.Elements(Types).ToArbitrary(), (rules, type) =>
        {
            var patientOnly = rules.Where(r => r.Context == AccessContext.Patient).ToImmutableArray();
            return Single.All(needed => new AccessGrant("s", "c", null, patientOnly).For(type, needed) is TypeAccess.Denied
                && new AccessGrant("s", "c", "", patientOnly).For(type, needed) is TypeAccess.Denied);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_patient_rule_opens_one_compartment_and_reading_the_directory_and_nothing_else()
    {
        var grant = new AccessGrant("s", "c", "p", SmartScopes.Parse("patient/*.cruds").Rules);

        Assert.Equal(new TypeAccess.Restricted([new Opening("p", null)]), grant.For("Patient", Interactions.Update));
        Assert.Equal(new TypeAccess.Everything(), grant.For("Practitioner", Interactions.Read | Interactions.Search));
        Assert.Equal(new TypeAccess.Denied(), grant.For("Practitioner", Interactions.Update));
        Assert.Equal(new TypeAccess.Denied(), grant.For("MessageHeader", Interactions.Read));
        Assert.Equal(new TypeAccess.Denied(), grant.For("Subscription", Interactions.Search));
    }

    [Fact]
    public void What_two_rules_share_is_opened_by_each_of_them()
    {
        Prop.ForAll(Rules.ToArbitrary(), Rules.ToArbitrary(), (a, b) => a.Intersect(b) is not { } both
            || (Types.All(t => Single.All(i => !both.Covers(t, i) || (a.Covers(t, i) && b.Covers(t, i))))
                && Conditions(a).Concat(Conditions(b)).All(Conditions(both).Contains))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_rule_gives_nothing_in_particular_and_no_type_is_called_star()
    {
        Prop.ForAll(Rules.ToArbitrary(), rule => !rule.Covers("Patient", Interactions.None)
            && new AccessGrant("s", "c", "p", [rule]).For("*", Interactions.Read) is TypeAccess.Denied).QuickCheckThrowOnFailure();
    }

    private static string[] Conditions(AccessRule rule) => rule.Filter?.Split('&') ?? [];

    private static bool WrittenIn(AccessRule rule, string word)
    {
        var context = word.Split('/')[0];
        var letters = word.Split('/', 2)[^1].Split('.', 2)[^1].Split('?')[0];
        return rule.ToScope().StartsWith(context + "/", StringComparison.Ordinal)
            && word.Contains($"/{rule.ResourceType}.", StringComparison.Ordinal)
            && word.Contains('?', StringComparison.Ordinal) == (rule.Filter is not null)
            && (letters is "*" or "read" or "write"
                || Single.All(i => !rule.Interactions.HasFlag(i) || letters.Contains(char.ToLowerInvariant(i.ToString()[0]))));
    }
}
