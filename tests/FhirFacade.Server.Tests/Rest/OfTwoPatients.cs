using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>The tests of reachability share one world.</summary>
[CollectionDefinition(nameof(OfTwoPatients))]
public sealed class OfTwoPatientsCollection : ICollectionFixture<TwoPatients>;

/// <summary>A token of patient X against the data of patient Y, along the paths by which a row can be reached over HTTP: one class a kind of path.</summary>
[Collection(nameof(OfTwoPatients))]
public abstract class OfTwoPatients(TwoPatients world)
{
    protected TwoPatients World { get; } = world;

    protected Task<Answer> AsX(string path, params (string, string)[] headers) => World.Server.GetAsync("fhir/" + path, World.OfX, headers);

    /// <summary>Asserts matches (by id, or by type and id) and, with a plus, what came along; order does not matter.</summary>
    protected static void Finds(Answer answer, string expected)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(expected);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain(TwoPatients.Canary, Resources(answer), StringComparison.Ordinal);
        var words = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(words.Where(w => w[0] != '+').Select(Full).Order(StringComparer.Ordinal), answer.Matches.Order(StringComparer.Ordinal));
        Assert.Equal(words.Where(w => w[0] == '+').Select(w => Full(w[1..])).Order(StringComparer.Ordinal), answer.Included.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(answer.Entries, e => e.Mode == "outcome");
    }

    protected static string Full(string id) => id.Contains('/', StringComparison.Ordinal) ? id : $"Observation/{id}";

    protected static string Next(Answer answer) => new Uri(answer.Link("next")!).PathAndQuery[1..];

    private static string Resources(Answer answer) => answer.Json.TryGetProperty("entry", out var entries) ? entries.GetRawText() : "";
}
