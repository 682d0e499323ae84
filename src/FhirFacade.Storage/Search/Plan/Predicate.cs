using System.Collections.Immutable;
using FhirFacade.Fhir.Access;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>A condition on the rows of one resource type. A closed set: the records nested here.</summary>
/// <remarks>
/// Whoever makes a predicate that looks into another table (<see cref="RefersTo"/>, <see cref="ReferredToBy"/>) has put what
/// the grant says about that table into its inner predicate.
/// </remarks>
public abstract record Predicate
{
    private Predicate()
    {
    }

    /// <summary>Every row.</summary>
    public sealed record Always : Predicate;

    /// <summary>No row.</summary>
    public sealed record Never : Predicate;

    /// <summary>All of them hold; of none: every row.</summary>
    public sealed record All(ImmutableArray<Predicate> Parts) : Predicate;

    /// <summary>At least one holds; of none: no row.</summary>
    public sealed record Any(ImmutableArray<Predicate> Parts) : Predicate;

    /// <summary>It does not hold.</summary>
    public sealed record Not(Predicate Inner) : Predicate;

    /// <summary>The inverted index has at least one of the terms for the row.</summary>
    /// <param name="Terms">The terms.</param>
    /// <param name="Posting">The term under which the table of postings has the same rows, and perhaps more, by date; null if it has none.</param>
    /// <param name="Patient">The patient to whom all such rows belong that belong to anybody; null where that is not known.</param>
    public sealed record HasTerm(ImmutableArray<long> Terms, long? Posting = null, string? Patient = null) : Predicate;

    /// <summary>The row has the term of a text of the parameter that passes the test (<see cref="Index.IndexedText"/>).</summary>
    public sealed record HasTextTerm(int Parameter, string Text, IndexedTextTest Test) : Predicate;

    /// <summary>The search parameter of this number has a value.</summary>
    public sealed record Present(int Parameter) : Predicate;

    /// <summary>The logical id is one of these.</summary>
    public sealed record IdIs(ImmutableArray<string> Ids) : Predicate;

    /// <summary>The row is in exactly this patient's compartment.</summary>
    public sealed record OfPatient(string PatientId) : Predicate;

    /// <summary>The row is in the compartment of a patient whom the user reaches.</summary>
    public sealed record InReach(UserReach User) : Predicate
    {
        /// <summary>The only patient whose rows come into question, by another condition beside this one; null: not known.</summary>
        public string? Among { get; init; }
    }

    /// <summary>The consents of the row's patient leave it open.</summary>
    public sealed record Consented(ConsentQuestion Question) : Predicate;

    /// <summary>Of a Binary: what it names as its security context is open, and nothing that shows it is closed.</summary>
    /// <param name="Types">What is open of each type that it may name.</param>
    public sealed record InOpenContext(ImmutableArray<KeyValuePair<string, Predicate>> Types) : Predicate;

    /// <summary>The row belongs to a patient who has given no consent: what <see cref="Consented"/> comes to for most rows, where a site is not opt-in.</summary>
    public sealed record Unspoken : Predicate;

    /// <summary>The version's own time.</summary>
    public sealed record LastUpdated(Comparator Comparator, DateTimeOffset Low, DateTimeOffset High) : Predicate;

    /// <summary>The main date of the type.</summary>
    public sealed record MainDate(Comparator Comparator, DateTimeOffset Low, DateTimeOffset High) : Predicate;

    /// <summary>A value in the range table, of this unit if one is named.</summary>
    public sealed record InRange(int Parameter, RangeTest Test, UnitTest? Unit) : Predicate;

    /// <summary>Ranges in the range table that belong to one tuple of a composite, each of which passes its test.</summary>
    public sealed record InTuple(long Key, ImmutableArray<TuplePart> Parts) : Predicate;

    /// <summary>A text in the text table holds this normalised text.</summary>
    public sealed record TextHas(int Parameter, string Normalised, TextPlace Place) : Predicate;

    /// <summary>A word stands in any text of the resource.</summary>
    public sealed record Content(string Word) : Predicate;

    /// <summary>The place is within so many metres of the point.</summary>
    public sealed record Near(double Latitude, double Longitude, double Metres) : Predicate;

    /// <summary>One of the references made with the constant points to a row of the target type for which the inner predicate holds.</summary>
    public sealed record RefersTo(long ReferenceConstant, string TargetType, Predicate Target) : Predicate;

    /// <summary>A row of the source type for which the inner predicate holds points here with the constant.</summary>
    public sealed record ReferredToBy(string SourceType, long ReferenceConstant, Predicate Source) : Predicate;

    /// <summary>The row's resource contains one of the type for which the inner predicate holds; the inner one is made by <see cref="ContainedPredicate"/>.</summary>
    public sealed record Contains(string Type, Predicate Resource) : Predicate;

    /// <summary>Of a contained resource: the predicate holds for the row that contains it.</summary>
    public sealed record OfContainer(Predicate Container) : Predicate;

    /// <summary>The condition without what consents say, which is true of nearly every row: for estimates only.</summary>
    internal Predicate Unconsented() => this switch
    {
        Consented => new Always(),
        All all when all.Parts.Any(part => part is Consented) => AllOf(all.Parts.Where(part => part is not Consented)),
        _ => this,
    };

    /// <summary>
    /// A cheaper condition that holds for nearly all rows for which this one holds and for no others; this very one where there is none.
    /// A row for which it does not hold has to be asked about in full.
    /// </summary>
    internal Predicate WhereUnspoken() => this switch
    {
        Consented { Question.IsOptIn: false } => new Unspoken(),
        All all when all.Parts.Any(HasQuestion) => AllOf(all.Parts.Select(part => part.WhereUnspoken())),
        Any any when any.Parts.Any(HasQuestion) => AnyOf(any.Parts.Select(part => part.WhereUnspoken())),
        _ => this,
    };

    private static bool HasQuestion(Predicate predicate) => predicate switch
    {
        Consented { Question.IsOptIn: false } => true,
        All all => all.Parts.Any(HasQuestion),
        Any any => any.Parts.Any(HasQuestion),
        _ => false,
    };

    /// <summary>The negation in its shortest form.</summary>
    public static Predicate NotOf(Predicate inner) => inner switch
    {
        Always => new Never(),
        Never => new Always(),
        _ => new Not(inner),
    };

    /// <summary>The conjunction in its shortest form.</summary>
    public static Predicate AllOf(IEnumerable<Predicate> parts)
    {
        ImmutableArray<Predicate> flat = [.. parts.SelectMany(p => p is All all ? all.Parts : [p]).Where(p => p is not Always)];
        return flat.Any(p => p is Never) ? new Never() : flat.Length switch
        {
            0 => new Always(),
            1 => flat[0],
            _ => new All(flat),
        };
    }

    /// <summary>The disjunction in its shortest form; of terms, one term test.</summary>
    public static Predicate AnyOf(IEnumerable<Predicate> parts)
    {
        ImmutableArray<Predicate> flat = [.. parts.SelectMany(p => p is Any any ? any.Parts : [p]).Where(p => p is not Never)];
        if (flat.Any(p => p is Always))
        {
            return new Always();
        }

        var tests = flat.OfType<HasTerm>().ToList();
        var rest = flat.Where(p => p is not HasTerm).ToImmutableArray();
        var all = tests.Count == 0 ? rest
            : rest.Insert(0, tests.Count == 1 ? tests[0] : new HasTerm([.. tests.SelectMany(t => t.Terms).Distinct()]));
        return all.Length switch
        {
            0 => new Never(),
            1 => all[0],
            _ => new Any(all),
        };
    }
}
