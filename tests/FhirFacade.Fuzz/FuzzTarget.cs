using FhirFacade.Fuzz.Targets;

namespace FhirFacade.Fuzz;

/// <summary>One door of the product that takes bytes of strangers.</summary>
public abstract class FuzzTarget
{
    private static readonly Dictionary<string, Lazy<FuzzTarget>> All = new(StringComparer.Ordinal)
    {
        ["json"] = new(() => new JsonTarget()),
        ["xml"] = new(() => new XmlTarget()),
        ["fhirpath"] = new(() => new FhirPathTarget()),
        ["package"] = new(() => new PackageTarget()),
    };

    /// <summary>The names of all targets.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The target of a name; null where there is none.</summary>
    public static FuzzTarget? Find(string name) => All.GetValueOrDefault(name)?.Value;

    /// <summary>The input of a number: the same seed, number and seed files give the same bytes.</summary>
    public byte[] Input(int seed, long number) => Make(new Random(unchecked((int)((seed * 1_000_003L) + (number * 7_919)))));

    /// <summary>Makes an input.</summary>
    protected abstract byte[] Make(Random random);

    /// <summary>Feeds an input through everything behind the door.</summary>
    /// <returns>Whether it was let in.</returns>
    /// <exception cref="FuzzViolation">A promise is broken. Any other exception is a finding as well.</exception>
    public abstract bool Feed(byte[] input);
}
