using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Translation.Tests.Profiles;

/// <summary>Profiles from texts, and what they make of messages.</summary>
internal static class Folder
{
    /// <summary>A set without a problem.</summary>
    public static FeedSet Of(params (string Name, string Text)[] files)
    {
        var set = Build(null, out var problems, files);
        Assert.Empty(problems);
        return set;
    }

    public static FeedSet Build(FeedSet? before, out ImmutableArray<ProfileProblem> problems, params (string Name, string Text)[] files) =>
        FeedSetBuilder.Build(files.Select(f => new ProfileFile(f.Name, Encoding.UTF8.GetBytes(f.Text))), FeedProfile.Default, before, out problems);

    public static Hl7Message Message(string header, params string[] segments)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Join('\r', [header, .. segments]) + "\r");
        return Assert.IsType<Hl7Message>(Hl7Message.Parse(bytes).Message);
    }

    /// <summary>A result of the laboratory LAB in the hospital GH.</summary>
    public static Hl7Message Result(params string[] segments) =>
        Message(@"MSH|^~\&|LAB|GH|FF|GH|20240501120000||ORU^R01|42|P|2.5.1", [Feed.Pid, .. segments]);

    /// <summary>What the set makes of a message, valid R4 all of it.</summary>
    public static TranslationResult Translate(this FeedSet set, Hl7Message message, string listener = "mllp:2575")
    {
        var feed = set.Choose(listener, message);
        var result = feed.Translator.Translate(feed.Read(message), feed.Profile);
        Assert.All(result.Resources, Feed.AssertValid);
        return result;
    }

    public static JsonObject Only(this TranslationResult result, string type) => Assert.Single(result.Resources, r => r.Type == type).Content;
}
