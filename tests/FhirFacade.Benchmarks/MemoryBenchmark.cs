using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.Extensions.DependencyInjection;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;

namespace FhirFacade.Benchmarks;

/// <summary>
/// The most memory that the server holds at once under large answers and many of them, sampled every 5 ms. The client lives in the same process and reads
/// into one small buffer.
/// </summary>
public static class MemoryBenchmark
{
    private const int Resources = 10_000;

    private static readonly string Padding = new('x', 800);

    /// <summary>Runs for about a minute and prints to standard output.</summary>
    public static async Task RunAsync()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var directory = Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName;
        var options = new ServerOptions
        {
            Http = new HttpOptions { Url = "http://127.0.0.1:18098" }, Mllp = new MllpOptions { Port = -1 }, Demo = true, DataDirectory = directory,
        };
        await LoadAsync(database);
        await using var keyReads = DataSources.CreateForKeys(database.ConnectionString);
        await using var app = Host.Build(options, database.DataSource, keyReads);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(options.Http.Url), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<AccessTokens>().Issue("benchmark", "benchmark", "system/*.cruds", lifetime: TimeSpan.FromHours(1)));
        Console.WriteLine("                                              MB moved  peak heap MB  of it live MB  peak working set MB");
        await MeasureAsync("idle", () => Task.FromResult(0L));
        await MeasureAsync("one page of 50", () => GetAsync(client, "/fhir/Observation?_count=50"));
        await MeasureAsync("one page of 1,000", () => GetAsync(client, "/fhir/Observation?_count=1000"));
        await MeasureAsync("10,000 entries, ten pages of 1,000", () => PagesAsync(client, "/fhir/Observation?_count=1000"));
        foreach (var entries in new[] { 1_000, 10_000 })
        {
            await MeasureAsync($"batch of {entries} reads in one Bundle", () => PostAsync(client, "batch", entries, new("""{"request":{"method":"GET","url":"Observation/o-""", "\"}}")));
            await MeasureAsync($"batch of {entries} creates in one Bundle", () => PostAsync(client, "batch", entries, Create));
            await MeasureAsync($"transaction of {entries} creates", () => PostAsync(client, "transaction", entries, Create));
        }
        foreach (var at in new[] { 8, 64 })
        {
            await MeasureAsync($"{at} searches at once, pages of 50", () => ManyAsync(client, at, "/fhir/Observation?_count=50"));
            await MeasureAsync($"{at} searches at once, pages of 1,000", () => ManyAsync(client, at, "/fhir/Observation?_count=1000"));
        }
        await app.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task MeasureAsync(string name, Func<Task<long>> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var stop = new CancellationTokenSource();
        long heap = 0, live = 0, set = 0;
        var sampler = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                heap = Math.Max(heap, GC.GetTotalMemory(false));
                // What the last collection left: the rest is waiting for the next one.
                live = Math.Max(live, GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes);
                set = Math.Max(set, Environment.WorkingSet);
                await Task.Delay(5);
            }
        });
        var bytes = await work();
        await stop.CancelAsync();
        await sampler;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {bytes / 1e6,9:F1} {heap / 1e6,13:F0} {live / 1e6,14:F0} {set / 1e6,20:F0}"));
    }

    private static async Task<long> ManyAsync(HttpClient client, int at, string url) => (await Task.WhenAll(Enumerable.Range(0, at).Select(_ => GetAsync(client, url)))).Sum();

    private static async Task<long> PagesAsync(HttpClient client, string url)
    {
        long bytes = 0;
        for (string? next = url; next is not null;)
        {
            var page = await client.GetByteArrayAsync(next);
            bytes += page.Length;
            next = JsonElement.Parse(page).GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();
        }
        return bytes;
    }

    private static readonly Numbered Create = new(
        $$$"""{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}],"text":"{{{Padding}}}"},"subject":{"reference":"Patient/p"},"valueInteger":""",
        """},"request":{"method":"POST","url":"Observation"}}""");

    // The Bundle is made while it is sent: what the client would hold is not the server's.
    private static async Task<long> PostAsync(HttpClient client, string type, int entries, Numbered entry)
    {
        using var content = new MadeContent(type, entries, entry);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir") { Content = content };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return content.Sent + await DrainAsync(response.EnsureSuccessStatusCode());
    }

    private static async Task<long> GetAsync(HttpClient client, string url)
    {
        using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        return await DrainAsync(response.EnsureSuccessStatusCode());
    }

    private static async Task<long> DrainAsync(HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        long bytes = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            bytes += read;
        }
        return bytes;
    }

    private static async Task LoadAsync(TestDatabase database)
    {
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        var grant = new AccessGrant("benchmark", "benchmark", null, SmartScopes.Parse("system/*.cruds").Rules);
        foreach (var chunk in Enumerable.Range(0, Resources).Chunk(500))
        {
            await writer.InTransactionAsync(grant, session => session.WriteAsync([.. chunk.Select(i => new ResourceWrite.Put("Observation", $"o-{i}", JsonElement.Parse($$$"""
                {"resourceType":"Observation","id":"o-{{{i}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}],"text":"{{{Padding}}}"},"subject":{"reference":"Patient/p"},"valueInteger":{{{i}}}}
                """)))], CancellationToken.None), CancellationToken.None);
        }
    }

    // An entry with its number in it.
    private sealed record Numbered(string Before, string After)
    {
        public byte[] Start { get; } = Encoding.UTF8.GetBytes(Before);

        public byte[] End { get; } = Encoding.UTF8.GetBytes(After);
    }

    // Nothing is made anew for an entry: what is measured is the server's.
    private sealed class MadeContent(string type, int entries, Numbered entry) : HttpContent
    {
        private static readonly byte[] Comma = [(byte)','];

        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await WriteAsync(Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"{{type}}","entry":["""));
            var number = new byte[16];
            for (var i = 0; i < entries; i++)
            {
                if (i > 0)
                {
                    await WriteAsync(Comma);
                }
                await WriteAsync(entry.Start);
                i.TryFormat(number, out var digits, provider: CultureInfo.InvariantCulture);
                await WriteAsync(number.AsMemory(0, digits));
                await WriteAsync(entry.End);
            }
            await WriteAsync("]}"u8.ToArray());

            async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
            {
                Sent += bytes.Length;
                await stream.WriteAsync(bytes);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
