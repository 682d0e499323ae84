using System.Diagnostics;
using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Searches of Observations, small table against large, and a patient's page against the same SQL written by hand. Parsing, planning
/// and the grant are part of what is measured; the network and the rendering are not.
/// </summary>
public static class SearchBenchmark
{
    private const int Small = 10_000;
    private const int Runs = 60;
    private const string OfPatient = "patient, by its index";

    private static readonly (string Name, string Scopes, string Query)[] Searches =
    [
        (OfPatient, "patient/*.rs", "category=laboratory&_sort=-date&_count=50"),
        ("patient", "system/*.rs", "patient={0}"),
        ("patient + category", "system/*.rs", "patient={0}&category=laboratory"),
        ("patient + category sorted", "system/*.rs", "patient={0}&category=laboratory&_sort=-date"),
        ("patient + code", "system/*.rs", "patient={0}&code=http://loinc.org|only-vital"),
        ("patient + category + date", "system/*.rs", "patient={0}&category=laboratory&date=ge2015&date=lt2018"),
        ("_id", "system/*.rs", "_id=obs-0000123-0000-4000-8000-000000000000"),
        ("retired code, newest first", "system/*.rs", "code=retired&_sort=-date"),
        ("retired code of one category", "system/*.rs", "code=retired&category=laboratory&_sort=-date"),
        ("empty intersection", "system/*.rs", "code=only-vital&category=laboratory&_sort=-date"),
        ("empty intersection, unsorted", "system/*.rs", "code=only-vital&category=laboratory"),
        ("commonest category", "system/*.rs", "category=laboratory&_sort=-date"),
        ("commonest category, oldest", "system/*.rs", "category=laboratory&_sort=date"),
        ("rare code", "system/*.rs", "code=rare&_sort=-date"),
        ("coded text", "system/*.rs", "code:text=rare"),
        ("one day", "system/*.rs", "date=2015-03-03"),
        ("quantity in another unit", "system/*.rs", "patient={0}&value-quantity=gt300|http://unitsofmeasure.org|g/L"),
    ];

    /// <summary>Loads and measures; the rows are those of the large table.</summary>
    public static async Task RunAsync(int rows)
    {
        var small = await MeasureAsync(Small);
        var large = await MeasureAsync(rows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{"p50 in ms",-34} {Small,10:N0} {rows,12:N0}   ratio"));
        foreach (var (name, milliseconds) in large.Searches)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {small.Searches[name],10:F2} {milliseconds,12:F2} {milliseconds / small.Searches[name],7:F2}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{OfPatient}: {large.Searches[OfPatient]:F2} ms, by hand {large.ByHand:F2} ms: {large.ByHand / large.Searches[OfPatient]:F2} of its speed"));
    }

    private static async Task<(Dictionary<string, double> Searches, double ByHand)> MeasureAsync(int rows)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var clock = Stopwatch.StartNew();
        await SearchObservations.LoadAsync(database.DataSource, rows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} Observations loaded in {clock.Elapsed.TotalSeconds:F0} s"));
        var executor = new SearchExecutor(database.DataSource);
        var result = new Dictionary<string, double>();
        foreach (var (name, scopes, query) in Searches)
        {
            var found = 0;
            result[name] = await MedianAsync(async run => found = await SearchAsync(executor, scopes, query, SearchObservations.Patient(run * 7919, rows)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-34} {result[name],8:F2} ms, {found} found"));
        }

        return (result, await MedianAsync(run => ByHandAsync(database.DataSource, SearchObservations.Patient(run * 7919, rows))));
    }

    private static async Task<double> MedianAsync(Func<int, Task> search)
    {
        for (var run = 0; run < 5; run++)
        {
            await search(run);
        }

        var times = new List<double>();
        for (var run = 5; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await search(run);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static async Task<int> SearchAsync(SearchExecutor executor, string scopes, string query, string patient)
    {
        var parameters = string.Format(CultureInfo.InvariantCulture, query, patient).Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        var parsed = QueryParser.Parse("Observation", parameters, lenient: false).Query!;
        var plan = (PlanOutcome.Planned)Planner.Plan(parsed, new AccessGrant("benchmark", "benchmark", patient, SmartScopes.Parse(scopes).Rules));
        return (await executor.ExecuteAsync(plan.Plan)).Matches.Length;
    }

    // What somebody would write who knows the tables and needs no links, no grant and no page after this one.
    private static async Task ByHandAsync(NpgsqlDataSource database, string patient)
    {
        await using var command = database.CreateCommand("""
            select id, version, last_updated, doc from r.observation
            where patient = (select key from patient_key where id = $1) and (terms @> array[$2]) is true
            order by date_lo desc, rid desc limit 51
            """);
        command.Parameters.Add(new() { Value = patient });
        command.Parameters.Add(new() { Value = Terms.TokenCode("category", "laboratory") });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _ = (reader.GetString(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<byte[]>(3));
        }
    }
}
