using System.Globalization;
using System.Reflection;

namespace FhirFacade.Storage.Schema;

/// <summary>One step of the schema: an SQL file built into this assembly, named <c>0001-what-it-does.sql</c>.</summary>
/// <param name="Number">Its place in the order; each is applied once.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Sql">The file's text.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    public static IReadOnlyList<Migration> All { get; } = [.. Load().OrderBy(migration => migration.Number)];

    private static IEnumerable<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}
