using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// What the enforcement of scopes costs: reads by id and the searches that US Core requires, each by a grant that opens everything, so that nothing is enforced, and by
/// grants of a patient, a user and a policy, in turns. All of them find the same. First in the store alone, parsing and planning included; then over HTTP through the whole
/// server as it is shipped, where every request is authorised, asks for consents and leaves an audit event, whatever its scope.
/// </summary>
public static class ScopeBenchmark
{
    private const int Rows = 100_000;
    private const int Runs = 400;
    private const int WarmingUp = 200;
    private const int OfPractitioner = 100;
    private const string Restricted = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R";

    private static readonly AccessDenial[] labels = [new("*", Interactions.All, null, "_security=" + Restricted)];

    private static readonly (string Name, Func<string, AccessGrant> Of)[] grants =
    [
        ("none", _ => Grant("system/*.rs", null)),
        ("patient/", patient => Grant("patient/*.rs", patient)),
        ("user/", _ => Grant("user/*.rs", null) with { User = new UserReach("Practitioner", "scope-doctor", UserRelation.CareTeam) }),
        ("a label excluded", _ => Grant("system/*.rs", null) with { Denials = [.. labels] }),
    ];

    private static readonly (string Type, string Query)[] searches =
    [
        ("Observation", "patient=p{0}"), ("Observation", "patient=p{0}&category=laboratory"), ("Observation", "patient=p{0}&category=laboratory&date=ge2015&date=lt2018"),
        ("Observation", "patient=p{0}&code=http://loinc.org|only-vital"), ("Patient", "_id=p{0}"), ("Patient", "identifier=urn:hospital|MRN{0}"), ("Patient", "name={1}&_id=p{0}"),
        ("Patient", "name={1}&birthdate={2}"),
    ];

    /// <summary>Loads, measures for some minutes, and prints medians and what each grant adds.</summary>
    public static async Task RunAsync()
    {
        await using var cluster = await SearchCluster.StartAsync(null);
        await using var database = await cluster.DatabaseAsync(Rows);
        await using var keyReads = cluster.KeyReads(Rows);
        await LoadTeamsAsync(database);
        var executor = new SearchExecutor(database, keyReads: keyReads);
        var reader = new ResourceReader(keyReads);
        Console.WriteLine($"{"in the store, p50 in ms",-62}{string.Concat(grants.Select(grant => $"{grant.Name,20}"))}");
        await MeasureAsync("Patient/[id]", (patient, grant) => ReadAsync(reader, patient, grants[grant].Of(Id(patient))));
        foreach (var (type, query) in searches)
        {
            await MeasureAsync($"{type}?{query}", (patient, grant) => SearchAsync(executor, type, query, patient, grants[grant].Of(Id(patient))));
        }

        await using var server = await ScopedServer.StartAsync(database, keyReads, "Practitioner/scope-doctor", Restricted, Enumerable.Range(0, OfPractitioner).Select(run => Id(Patient(run))));
        Console.WriteLine($"{"over HTTP, p50 in ms",-62}{string.Concat(grants.Select(grant => $"{grant.Name,20}"))}");
        await MeasureAsync("Patient/[id]", (patient, grant) => server.AskAsync("Patient/" + Id(patient), Id(patient), grant));
        foreach (var (type, query) in searches)
        {
            await MeasureAsync($"{type}?{query}", (patient, grant) => server.AskAsync($"{type}?{Text(query, patient)}", Id(patient), grant));
        }
    }

    // One after the other for each patient, and another one first each time, so that what else this machine does falls on all alike.
    private static async Task MeasureAsync(string name, Func<int, int, Task<int>> ask)
    {
        var times = grants.Select(_ => new List<double>()).ToArray();
        for (var run = 0; run < Runs + WarmingUp; run++)
        {
            var patient = Patient(run);
            var found = new int[grants.Length];
            for (var turn = 0; turn < grants.Length; turn++)
            {
                var i = (run + turn) % grants.Length;
                var start = Stopwatch.GetTimestamp();
                found[i] = await ask(patient, i);
                if (run >= WarmingUp)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            if (found.Distinct().Count() != 1 || found[0] == 0)
            {
                throw new InvalidOperationException($"{name} finds {string.Join(", ", found)}");
            }
        }

        var medians = times.Select(t => t.Order().ElementAt(t.Count / 2)).ToList();
        Console.WriteLine($"{name,-62}{string.Concat(medians.Select(median => string.Create(CultureInfo.InvariantCulture, $"{median,9:F3} {(median / medians[0] - 1) * 100,8:+0;-0;0} %")))}");
    }

    private static async Task<int> ReadAsync(ResourceReader reader, int patient, AccessGrant grant) =>
        await reader.ReadAsync("Patient", Id(patient), grant, CancellationToken.None) is ReadOutcome.Found ? 1 : 0;

    private static async Task<int> SearchAsync(SearchExecutor executor, string type, string query, int patient, AccessGrant grant)
    {
        var parameters = Text(query, patient).Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        var plan = (PlanOutcome.Planned)Planner.Plan(QueryParser.Parse(type, parameters, lenient: false).Query!, grant);
        return (await executor.ExecuteAsync(plan.Plan)).Matches.Length;
    }

    private static async Task LoadTeamsAsync(NpgsqlDataSource database)
    {
        var writer = new ResourceWriter(database, TimeProvider.System);
        foreach (var patient in Enumerable.Range(0, OfPractitioner).Select(Patient))
        {
            var id = $"scope-team-{patient}";
            var team = JsonElement.Parse($$$"""
                {"resourceType":"CareTeam","id":"{{{id}}}","status":"active","subject":{"reference":"Patient/p{{{patient}}}"},"participant":[{"member":{"reference":"Practitioner/scope-doctor"}}]}
                """);
            await writer.UpdateAsync("CareTeam", id, team, null, Grant("system/*.cruds", null), CancellationToken.None);
        }

        await using var analyze = database.CreateCommand("analyze");
        await analyze.ExecuteNonQueryAsync();
    }

    private static string Text(string query, int patient) =>
        string.Format(CultureInfo.InvariantCulture, query, patient, SearchPatients.Family(patient, Rows / SearchObservations.OfOnePatient), SearchPatients.Born(patient));

    private static string Id(int patient) => "p" + patient.ToString(CultureInfo.InvariantCulture);

    private static int Patient(int run) => run % OfPractitioner * 7919 % (Rows / SearchObservations.OfOnePatient);

    private static AccessGrant Grant(string scopes, string? patient) => new("benchmark", "benchmark", patient, SmartScopes.Parse(scopes).Rules);
}
