using System.Net.Http.Headers;
using System.Text.Json;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.CommandLine;

/// <summary>Plays sample messages into the server's own MLLP port, then reads a patient back as any client would, and says how.</summary>
internal static class Demonstration
{
    /// <summary>The medical record number of the patient whose day is told most fully.</summary>
    private const string Patient = "BW100001";

    /// <exception cref="StartupException">There is nothing to play, or no demo client to read it back with.</exception>
    public static async Task PlayAsync(RunFile running, string dataPath, string directory, IServiceProvider services, CancellationToken cancellationToken)
    {
        var journal = services.GetRequiredService<JournalReader>();
        if (running.MllpPort < 0)
        {
            throw new StartupException("the demonstration needs the MLLP port, which is off");
        }

        var report = await new Sending(running.MllpAddress, running.MllpPort).RunAsync(FeedFiles.Read([directory], verbatim: false), () => { }, cancellationToken);
        var counts = await SettledAsync(journal, cancellationToken);
        Console.WriteLine($"Played {directory}: {report}");
        Console.WriteLine($"The journal: {counts.Stored} stored, {counts.Failed} failed, {counts.Duplicate} repeated.");
        var id = await FindPatientAsync(running, cancellationToken);
        if (id is not null)
        {
            await services.GetRequiredService<DemoAccounts>().EnsurePatientAsync(id, cancellationToken);
        }

        Console.WriteLine(id is not null ? Invitation(running, dataPath, id) : "No patient can be read back.");
    }

    private static async Task<JournalCounts> SettledAsync(JournalReader journal, CancellationToken cancellationToken)
    {
        while (true)
        {
            var counts = await journal.CountAsync(cancellationToken);
            if (counts.Received == 0)
            {
                return counts;
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    private static async Task<string?> FindPatientAsync(RunFile running, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(running.Http) };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("demo:demo-secret"u8));
        using var wish = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "system/*.rs")]);
        using var answer = await http.PostAsync("/oauth/token", wish, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        using var token = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        using var found = await http.GetAsync($"/fhir/Patient?identifier={Patient}&_elements=id", cancellationToken);
        if (!found.IsSuccessStatusCode)
        {
            return null;
        }

        using var bundle = JsonDocument.Parse(await found.Content.ReadAsByteArrayAsync(cancellationToken));
        return bundle.RootElement.TryGetProperty("entry", out var entries) && entries.GetArrayLength() > 0
            ? entries[0].GetProperty("resource").GetProperty("id").GetString()
            : null;
    }

    private static string Invitation(RunFile running, string dataPath, string id)
    {
        var data = dataPath == Path.GetFullPath("var") ? "" : $" --data {dataPath}";
        return $$"""

            Read one patient, with a token for that patient only (in another terminal, from the same directory):
              TOKEN=$(./run token{{data}} --scope 'patient/*.rs' --patient {{id}})
              curl -s -H "Authorization: Bearer $TOKEN" {{running.Http}}/fhir/Patient/{{id}}
              curl -s -H "Authorization: Bearer $TOKEN" '{{running.Http}}/fhir/Observation?_sort=-date&_count=5'
            Sign in, when an app asks for it (client_id demo-app, redirect to http://127.0.0.1:3000/callback):
              {{DemoAccounts.Patient}} (this patient) or {{DemoAccounts.Clinician}} (sees everybody), password {{DemoAccounts.Password}}
            Read everybody, as the demo client:
              TOKEN=$({{Banner.TokenCurl(running)}} | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')
              curl -s -H "Authorization: Bearer $TOKEN" '{{running.Http}}/fhir/Patient?_count=3'
            """;
    }
}
