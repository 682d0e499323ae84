using FhirFacade.Comparison;

namespace FhirFacade.Translation.Tests;

/// <summary>What another converter makes of one-feature messages, element by element, beside ours.</summary>
public class PeerTests
{
    [Fact]
    public void Every_class_of_difference_from_ReportStream_is_explained_and_nothing_is_missing_by_our_fault()
    {
        var pairs = Pair.All(TestData.Folder()).Where(p => p.Peer.Contains("reportstream", StringComparison.Ordinal)).ToList();
        Assert.True(pairs.Count > 100, $"{pairs.Count}");
        var comparison = new PeerComparison();
        pairs.ForEach(comparison.Add);
        var verdicts = Verdicts.Load();
        Assert.All(comparison.Classes.Where(c => c.Kind != Difference.Equal), c =>
        {
            var verdict = verdicts.Of(c);
            Assert.True(verdict is not null, $"{c.Kind} {c.Path} ({c.Case}) has no explanation");
            Assert.Contains(verdict.Whose, new[] { "theirs", "ours", "choice" });
            Assert.False(c.Kind == Difference.Missing && verdict.Whose == "ours", $"{c.Path} ({c.Case}) is missing");
        });
    }
}
