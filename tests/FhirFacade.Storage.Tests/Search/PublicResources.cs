using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>The examples of R4, some patients of Synthea and those of US Core, from the data beside the checkout.</summary>
internal static class PublicResources
{
    /// <summary>Every resource that can be stored, each id once; references within a bundle lead to the stored resources.</summary>
    public static IEnumerable<JsonObject> Read(string data, int syntheaPatients)
    {
        var seen = new HashSet<(string, string)>();
        var files = Directory.EnumerateFiles(Path.Combine(data, "fhir", "r4-examples"), "*.json").Order(StringComparer.Ordinal)
            .Concat(Directory.EnumerateFiles(Path.Combine(data, "fhir", "us-core-patients"), "*.json").Order(StringComparer.Ordinal))
            .Concat(Directory.EnumerateFiles(Path.Combine(data, "fhir", "synthea"), "*.bz2").Order(StringComparer.Ordinal).Take(syntheaPatients + 2));
        foreach (var resource in files.SelectMany(file => ResourcesOf(file)))
        {
            if (resource["resourceType"]?.GetValue<string>() is { } type && ResourceTables.Has(type) && resource["id"]?.GetValue<string>() is { Length: <= 64 } id && seen.Add((type, id)))
            {
                yield return resource;
            }
        }
    }

    /// <summary>Stores them, and tells in which order the database has them.</summary>
    public static async Task<IReadOnlyList<(JsonElement Resource, DateTimeOffset LastUpdated)>> LoadAsync(NpgsqlDataSource dataSource, IEnumerable<JsonObject> resources, DateTimeOffset begin)
    {
        var stored = new Dictionary<(string, string), (JsonElement, DateTimeOffset)>();
        foreach (var part in resources.Chunk(250))
        {
            begin += TimeSpan.FromMinutes(1);
            await using var connection = await dataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var changes = part.Select(r => new ResourceChange((string)r["resourceType"]!, (string)r["id"]!, r, ChangeMode.Replace)).ToList();
            await FeedWriter.ApplyAsync(connection, transaction, 1, changes, begin, CancellationToken.None);
            await transaction.CommitAsync();
            foreach (var change in changes)
            {
                stored[(change.Type, change.Id)] = (JsonSerializer.SerializeToElement(change.Content), begin);
            }
        }

        var inOrder = new List<(JsonElement, DateTimeOffset)>();
        foreach (var type in stored.Keys.Select(key => key.Item1).Distinct().ToList())
        {
            await using var command = dataSource.CreateCommand($"select id from {ResourceTables.NameOf(type)} order by rid");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                inOrder.Add(stored[(type, reader.GetString(0))]);
            }
        }

        return inOrder;
    }

    private static IEnumerable<JsonObject> ResourcesOf(string file)
    {
        var text = file.EndsWith(".bz2", StringComparison.Ordinal) ? Unpack(file) : File.ReadAllText(file);
        if (JsonNode.Parse(text) is not JsonObject resource)
        {
            return [];
        }

        if (resource["resourceType"]?.GetValue<string>() != "Bundle" || resource["type"]?.GetValue<string>() is not ("transaction" or "collection"))
        {
            return [resource];
        }

        // What a transaction calls by its urn is called by type and id once it is stored.
        var renamed = new StringBuilder(text);
        foreach (var entry in resource["entry"]!.AsArray())
        {
            if (entry!["fullUrl"]?.GetValue<string>() is { } url && url.StartsWith("urn:uuid:", StringComparison.Ordinal) && entry["resource"]?["id"] is { } id)
            {
                renamed.Replace(url, $"{entry["resource"]!["resourceType"]}/{id}");
            }
        }

        return [.. JsonNode.Parse(renamed.ToString())!["entry"]!.AsArray().Select(entry => entry!["resource"]).OfType<JsonObject>().Select(r => r.DeepClone().AsObject())];
    }

    private static string Unpack(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("bzip2", ["-dc", file]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }
}
