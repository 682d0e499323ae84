using System.Diagnostics;
using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Searches of Observations, small table against large, and a patient's page against the same SQL written by hand. Parsing, planning
/// and the grant are part of what is measured; the network and the rendering are not.
/// </summary>
public static class SearchBenchmark
{
    private const int Small = 10_000;
    private const int Runs = 205;
    private const string OfPatient = "patient, by its index";

    // {0} a patient's number, {1} the family name, {2} the day of birth. US Core's SHALL searches first; those of other types with a
    // patient run by the same columns and indexes as an Observation's.
    private static readonly (string Name, string Type, string Scopes, string Query)[] Searches =
    [
        (OfPatient, "Observation", "patient/*.rs", "category=laboratory&_sort=-date&_count=50"),
        ("patient (SHALL)", "Observation", "system/*.rs", "patient=p{0}"),
        ("patient + category (SHALL)", "Observation", "system/*.rs", "patient=p{0}&category=laboratory"),
        ("patient + category + date (SHALL)", "Observation", "system/*.rs", "patient=p{0}&category=laboratory&date=ge2015&date=lt2018"),
        ("patient + code (SHALL)", "Observation", "system/*.rs", "patient=p{0}&code=http://loinc.org|only-vital"),
        ("Patient _id (SHALL)", "Patient", "system/*.rs", "_id=p{0}"),
        ("Patient identifier (SHALL)", "Patient", "system/*.rs", "identifier=urn:hospital|MRN{0}"),
        ("Patient name (SHALL)", "Patient", "system/*.rs", "name={1}"),
        ("Patient birthdate + name (SHALL)", "Patient", "system/*.rs", "name={1}&birthdate={2}"),
        ("Patient gender + name (SHALL)", "Patient", "system/*.rs", "name={1}&gender=female"),
        ("patient scope, + code", "Observation", "patient/*.rs", "patient=p{0}&code=http://loinc.org|only-vital"),
        ("patient + category sorted", "Observation", "system/*.rs", "patient=p{0}&category=laboratory&_sort=-date"),
        ("_id", "Observation", "system/*.rs", "_id=obs-0000123-0000-4000-8000-000000000000"),
        ("retired code, newest first", "Observation", "system/*.rs", "code=retired&_sort=-date"),
        ("retired code of one category", "Observation", "system/*.rs", "code=retired&category=laboratory&_sort=-date"),
        ("empty intersection", "Observation", "system/*.rs", "code=only-vital&category=laboratory&_sort=-date"),
        ("empty intersection, unsorted", "Observation", "system/*.rs", "code=only-vital&category=laboratory"),
        ("commonest category", "Observation", "system/*.rs", "category=laboratory&_sort=-date"),
        ("commonest category, oldest", "Observation", "system/*.rs", "category=laboratory&_sort=date"),
        ("rare code", "Observation", "system/*.rs", "code=rare&_sort=-date"),
        ("coded text", "Observation", "system/*.rs", "code:text=rare"),
        ("one day", "Observation", "system/*.rs", "date=2015-03-03"),
        ("chain by name", "Observation", "system/*.rs", "patient.name={1}&category=laboratory"),
        ("quantity in another unit", "Observation", "system/*.rs", "patient=p{0}&value-quantity=gt300|http://unitsofmeasure.org|g/L"),
    ];

    /// <summary>Loads what is not there yet, and measures.</summary>
    /// <param name="rows">Of the large table.</param>
    /// <param name="kept">Where the loaded cluster stays for the next run; null to load anew and leave nothing.</param>
    public static async Task RunAsync(int rows, string? kept)
    {
        await using var cluster = await SearchCluster.StartAsync(kept);
        for (var pass = 0; pass < 3; pass++)
        {
            await MeasureAsync(cluster, Small); // the just-in-time compiler's share
        }

        var small = await MeasureAsync(cluster, Small);
        var large = await MeasureAsync(cluster, rows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{"p50 in ms",-34} {Small,10:N0} {rows,12:N0}   ratio"));
        foreach (var (name, milliseconds) in large.Searches)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {small.Searches[name],10:F2} {milliseconds,12:F2} {milliseconds / small.Searches[name],7:F2}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{OfPatient}: {large.Searches[OfPatient]:F2} ms, by hand {large.ByHand:F2} ms: {large.ByHand / large.Searches[OfPatient]:F2} of its speed"));
    }

    private static async Task<(Dictionary<string, double> Searches, double ByHand)> MeasureAsync(SearchCluster cluster, int rows)
    {
        await using var database = await cluster.DatabaseAsync(rows);
        await using var keyReads = cluster.KeyReads(rows);
        var executor = new SearchExecutor(database, keyReads: keyReads);
        var result = new Dictionary<string, double>();

        // The patients and their rows are in memory before anything is measured, and before both ways to ask for them.
        foreach (var (type, everything) in new[] { ("Observation", "patient=p{0}&_count=1000"), ("Patient", "identifier=urn:hospital|MRN{0}"), ("Patient", "name={1}") })
        {
            await MedianAsync(run => SearchAsync(executor, type, "system/*.rs", everything, run * 7919 % (rows / SearchObservations.OfOnePatient), rows));
        }

        var byHand = await MedianAsync(run => ByHandAsync(database, SearchObservations.Patient(run * 7919, rows)));
        foreach (var (name, type, scopes, query) in Searches)
        {
            var found = 0;
            result[name] = await MedianAsync(async run => found = await SearchAsync(executor, type, scopes, query, run * 7919 % (rows / SearchObservations.OfOnePatient), rows));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-34} {result[name],8:F2} ms, {found} found"));
        }

        return (result, byHand);
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

    private static async Task<int> SearchAsync(SearchExecutor executor, string type, string scopes, string query, int patient, int rows)
    {
        var text = string.Format(CultureInfo.InvariantCulture, query, patient, SearchPatients.Family(patient, rows / SearchObservations.OfOnePatient), SearchPatients.Born(patient));
        var parameters = text.Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        var parsed = QueryParser.Parse(type, parameters, lenient: false).Query!;
        var plan = (PlanOutcome.Planned)Planner.Plan(parsed, new AccessGrant("benchmark", "benchmark", $"p{patient}", SmartScopes.Parse(scopes).Rules));
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
