using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Worlds;

/// <summary>
/// Patients X and Y, tied together in every way in which FHIR ties resources, under names that nobody else has: in files and requests <c>~</c> stands for
/// their common beginning. What is not to be seen carries <c>~CANARY</c>, a word that no request says.
/// </summary>
/// <param name="site">Where it is made.</param>
/// <param name="members">What the practitioners are who attack (<c>Practitioner/1</c>): members of the care team of X. The last one stands for all who are not there.</param>
/// <param name="denial">Y denies the record to a client whose token opens it; null: tokens do not open it.</param>
public sealed class World(Site site, IReadOnlyList<string> members, DenyingConsent? denial = null)
{
    private readonly List<(string Type, string Id)> made = [];
    private readonly Dictionary<string, string?> tags = [];
    private string root = "";
    private DateTimeOffset rooted;

    /// <summary>What every name in it begins with.</summary>
    public string Prefix { get; } = "a" + Guid.NewGuid().ToString("N")[..8] + "-";

    /// <summary>The word that nobody may hear who may not see what holds it.</summary>
    public string Canary => Named("~CANARY");

    /// <summary>When all that is seen was there; what bears a later time says when it was asked.</summary>
    public DateTimeOffset Settled { get; private set; }

    /// <summary>Writes out the names in a text.</summary>
    public string Named(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("~~user", members[0], StringComparison.Ordinal).Replace("~~chief", members[^1], StringComparison.Ordinal)
            .Replace("~~client", site.Target.Denied?.ClientId, StringComparison.Ordinal).Replace("~~owner", site.Target.Owner.ClientId, StringComparison.Ordinal)
            .Replace("~", Prefix, StringComparison.Ordinal);
    }

    /// <summary>What X has, and who and where; dangling references lead to what is not there yet.</summary>
    public async Task AddOpenAsync()
    {
        if (site.Target.IsOptIn)
        {
            await PutAsync("Consent", Named("~x-consent"), Named(DenyingConsent.Permitting.Replace("~y", "~x", StringComparison.Ordinal)));
        }
        await AddAsync("open.ndjson");
        Settled = DateTimeOffset.UtcNow;
    }

    /// <summary>What Y has, and what belongs to both or nobody.</summary>
    public async Task AddForbiddenAsync()
    {
        if (denial is not null)
        {
            await DenyAsync(true);
        }
        await AddAsync("forbidden.ndjson");
        await DeleteAsync("Observation", Named("~y-deleted"));
    }

    /// <summary>Y denies the record, or does so no more.</summary>
    public async Task DenyAsync(bool isDenied)
    {
        var (consent, id) = (isDenied ? denial!.Consent : DenyingConsent.Permitting, Named("~y-consent"));
        if (consent is not null)
        {
            await PutAsync("Consent", id, Named(consent));
        }
        else if (made.Contains(("Consent", id)))
        {
            await RemoveAsync([("Consent", id)]);
        }
    }

    /// <summary>More of X, with a label that the policy of the restricted client excludes.</summary>
    public Task AddLabelledAsync() => AddAsync("labelled.ndjson");

    /// <summary>Removes what <see cref="AddForbiddenAsync"/> made.</summary>
    public Task RemoveForbiddenAsync() => RemoveAsync(made.Where(r => r.Id == Named("~y-consent") || Resources("forbidden.ndjson").Any(f => f.Id == r.Id)));

    /// <summary>Removes all that was made.</summary>
    public Task RemoveAllAsync() => RemoveAsync(made);

    /// <summary>Whether all that is forbidden is as it was made.</summary>
    public async Task<string> ChangedAsync()
    {
        var token = await RootAsync();
        foreach (var (type, id, _) in Resources("forbidden.ndjson").Where(r => r.Id != Named("~y-deleted")))
        {
            var answer = await site.SendAsync(HttpMethod.Get, $"{type}/{id}", token);
            if (answer.Status != HttpStatusCode.OK || answer.Header("ETag") != tags[$"{type}/{id}"])
            {
                return $"{type}/{id} was changed: {(int)answer.Status} {answer.Header("ETag")}";
            }
        }
        return "";
    }

    /// <summary>Marks what a script made, so that it goes with the rest.</summary>
    public void Made(string type, string id) => made.Add((type, id));

    /// <summary>A token that may do everything.</summary>
    public async Task<string> RootAsync()
    {
        if (DateTimeOffset.UtcNow - rooted > TimeSpan.FromMinutes(1))
        {
            (root, rooted) = (await site.TokenAsync(site.Target.Owner, "system/*.cruds"), DateTimeOffset.UtcNow);
        }
        return root;
    }

    private async Task AddAsync(string file)
    {
        foreach (var (type, id, json) in Resources(file))
        {
            await PutAsync(type, id, denial is not null && file == "forbidden.ndjson" ? Deniable(json) : json);
        }
    }

    private async Task PutAsync(string type, string id, string json)
    {
        var answer = await site.SendAsync(HttpMethod.Put, $"{type}/{id}", await RootAsync(), json);
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            throw new UnexpectedAnswerException($"{type}/{id} could not be made", answer);
        }
        made.Add((type, id));
        tags[$"{type}/{id}"] = answer.Header("ETag");
    }

    // What names Y bears the identifier that the attacker's token opens, and all by which a consent may deny it.
    private string Deniable(string json)
    {
        var resource = (JsonObject)JsonNode.Parse(json)!;
        if ((string?)resource["resourceType"] != "Provenance" && (json.Contains(Named("Patient/~y"), StringComparison.Ordinal) || (string?)resource["id"] == Named("~y")))
        {
            resource["meta"] = JsonNode.Parse(Named("""{"tag":[{"system":"urn:~codes","code":"~denied"}],"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}"""));
            foreach (var bearer in (resource["contained"] as JsonArray ?? []).Append(resource))
            {
                var identifier = JsonNode.Parse(Named("""{"system":"urn:~run","value":"denied"}"""))!;
                bearer!["identifier"] = (string?)bearer["resourceType"] == "Composition" ? identifier : new JsonArray(identifier);
            }
        }
        return resource.ToJsonString();
    }

    private async Task RemoveAsync(IEnumerable<(string Type, string Id)> resources)
    {
        foreach (var (type, id) in resources.Distinct().Reverse().ToList())
        {
            await DeleteAsync(type, id);
            made.RemoveAll(r => r == (type, id));
        }
    }

    private async Task DeleteAsync(string type, string id)
    {
        var answer = await site.SendAsync(HttpMethod.Delete, $"{type}/{id}", await RootAsync());
        if ((int)answer.Status >= 300)
        {
            throw new UnexpectedAnswerException($"{type}/{id} could not be removed", answer);
        }
    }

    private IEnumerable<(string Type, string Id, string Json)> Resources(string file)
    {
        foreach (var line in EmbeddedLines.Of(file))
        {
            var json = Named(line);
            var resource = JsonElement.Parse(json);
            yield return (resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!, json);
        }
    }
}
