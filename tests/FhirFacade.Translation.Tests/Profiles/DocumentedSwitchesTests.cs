using FhirFacade.Translation.Profiles;

namespace FhirFacade.Translation.Tests.Profiles;

/// <summary>The page for those who write profiles, and the profiles to copy from.</summary>
public class DocumentedSwitchesTests
{
    [Fact]
    public void The_page_lists_every_switch()
    {
        var listed = File.ReadLines(Path.Combine(TestData.Root, "conformance/v2-to-fhir/PROFILES.md"))
            .SkipWhile(static line => line != "## Settings").TakeWhile(static line => !line.StartsWith("## The", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => line.Split('`')[1]);

        Assert.Empty(FeedSettings.Names.Except(listed));
    }

    [Fact]
    public void The_profiles_to_copy_from_are_right()
    {
        var files = Directory.GetFiles(Path.Combine(TestData.Root, "samples/profiles")).Where(static f => Path.GetExtension(f) is ".yaml" or ".csv");
        var set = FeedSetBuilder.Build(files.Select(static f => new ProfileFile(Path.GetFileName(f), File.ReadAllBytes(f))), FeedProfile.Default, null, out var problems);

        Assert.Empty(problems);
        Assert.Equal(["default", "hospital", "laboratory", "radiology"], set.Feeds.Select(static f => f.Profile.Name));
    }
}
