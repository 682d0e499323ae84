using System.Diagnostics;
using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// What consents cost a read by id, a page of a patient and a search over all patients: where they are not asked, where there are none, where ten thousand other patients have one,
/// and where the patient does. The ways to ask take turns within one run.
/// </summary>
public static class ConsentBenchmark
{
    private const int Turns = 1_500;

    private static readonly (string Name, string Query)[] Searches =
    [
        ("patient + category, sorted", "patient=p{0}&category=laboratory&_sort=-date&_count=50"),
        ("commonest category, newest first", "category=laboratory&_sort=-date"),
        ("rare code", "code=rare&_sort=-date"),
    ];

    /// <summary>Loads what is not there yet, and measures.</summary>
    public static async Task RunAsync(int rows, string? kept)
    {
        await using var cluster = await SearchCluster.StartAsync(kept);
        await using var database = await cluster.DatabaseAsync(rows);
        await using var keyReads = cluster.KeyReads(rows);
        await ExecuteAsync(database, "delete from consent_rule");
        await OptInAsync(database, keyReads, "where one has to permit it, and nobody has");
        await MeasureAsync("warming up", database, keyReads, rows);
        await MeasureAsync("no consents", database, keyReads, rows);
        await ExecuteAsync(database, """
            insert into consent_rule (consent, node, parent, patient, patient_ref, denies, opaque, actors)
            select 'other' || i || '-' || node, 0, -1, 1000000000 + i, i, node = 1, false, '{Device/somebody}' from generate_series(1, 10000) i, generate_series(0, 1) node
            """);
        await ExecuteAsync(database, "analyze consent_rule");
        await MeasureAsync("10,000 other patients' consents", database, keyReads, rows);
        await ExecuteAsync(database, """
            insert into consent_rule (consent, node, parent, patient, patient_ref, denies, opaque, actors, types)
            select 'own' || key || '-' || node, node, node - 1, key, key, node = 1, false, case node when 1 then '{Device/somebody}'::text[] end, case node when 1 then '{Condition}'::text[] end
            from patient_key, generate_series(0, 1) node
            """);
        await ExecuteAsync(database, "analyze consent_rule");
        await MeasureAsync("every patient's own consent", database, keyReads, rows);
        await ExecuteAsync(database, "delete from consent_rule where patient % 100 <> 0; analyze consent_rule");
        await OptInAsync(database, keyReads, "where one has to permit it, and every hundredth has");
        await ExecuteAsync(database, "delete from consent_rule");
    }

    private static async Task MeasureAsync(string state, NpgsqlDataSource database, NpgsqlDataSource keyReads, int rows)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state,-40} {"not asked",12} {"asked",12}   ratio (p50, microseconds)"));
        var reader = new ResourceReader(keyReads);
        await CompareAsync("read by id", (grant, turn) => ReadAsync(reader, grant, turn * 7919 % rows));
        var executor = new SearchExecutor(database, keyReads: keyReads);
        foreach (var (name, query) in Searches)
        {
            await CompareAsync(name, (grant, turn) => SearchAsync(executor, grant, query, turn * 7919 % (rows / SearchObservations.OfOnePatient)));
        }
    }

    // What nobody has permitted is looked at in vain: the dearest searches are those that find nothing.
    private static async Task OptInAsync(NpgsqlDataSource database, NpgsqlDataSource keyReads, string state)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state,-60} (p50, milliseconds)"));
        var grant = new AccessGrant("benchmark", "benchmark", null, SmartScopes.Parse("system/*.rs").Rules) { Purposes = PurposesOfUse.Of("TREAT"), Consent = ConsentMode.OptIn, Actor = "Practitioner/p" };
        var executor = new SearchExecutor(database, keyReads: keyReads);
        foreach (var (name, query) in Searches.Append(("all, newest first", "_sort=-date")).Append(("all, counted", "_total=accurate&_count=1")))
        {
            var times = new List<double>();
            for (var turn = 0; turn < 7; turn++)
            {
                var start = Stopwatch.GetTimestamp();
                await SearchAsync(executor, grant, query, turn);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-38} {Median(times),12:F1}"));
        }
    }

    private static async Task CompareAsync(string name, Func<AccessGrant, int, Task> ask)
    {
        var without = new AccessGrant("benchmark", "benchmark", null, SmartScopes.Parse("system/*.rs").Rules) { Purposes = PurposesOfUse.Of("TREAT") };
        AccessGrant[] grants = [without, without with { Consent = ConsentMode.OptOut, Actor = "Practitioner/p" }];
        List<double>[] times = [[], []];
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var which in turn % 2 == 0 ? new[] { 0, 1 } : [1, 0])
            {
                var start = Stopwatch.GetTimestamp();
                await ask(grants[which], turn);
                times[which].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        var (off, on) = (Median(times[0]), Median(times[1]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-38} {off,12:F0} {on,12:F0} {on / off,7:F3}"));
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task ReadAsync(ResourceReader reader, AccessGrant grant, int row)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"obs-{row:0000000}-0000-4000-8000-000000000000");
        if (await reader.ReadAsync("Observation", id, grant, CancellationToken.None) is not ReadOutcome.Found)
        {
            throw new InvalidOperationException("An Observation is not there.");
        }
    }

    private static async Task SearchAsync(SearchExecutor executor, AccessGrant grant, string query, int patient)
    {
        var parameters = string.Format(CultureInfo.InvariantCulture, query, patient).Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        var plan = (PlanOutcome.Planned)Planner.Plan(QueryParser.Parse("Observation", parameters, lenient: false).Query!, grant);
        await executor.ExecuteAsync(plan.Plan);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
