using System.Text.RegularExpressions;
using Xunit;

namespace FhirFacade.Layout.Tests;

/// <summary>Habits of the source that security rests on.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void Secrets_are_compared_in_constant_time()
    {
        Assert.Matches(Comparison(), "if (secret == presented)");
        Assert.Matches(Comparison(), "return known != passwordHash;");
        Assert.Matches(Comparison(), "verifier.Equals(challenge)");
        Assert.DoesNotMatch(Comparison(), "secret == null");
        Assert.DoesNotMatch(Comparison(), "verifier.Length == 0");
        Assert.All(RepositoryTree.Files("src/FhirFacade.Server", "*.cs"), path => Assert.DoesNotMatch(Comparison(), File.ReadAllText(path)));
    }

    [Fact]
    public void Addresses_are_called_in_one_place_and_the_demonstration_calls_its_own_server()
    {
        var callers = RepositoryTree.Files("src", "*.cs").Where(path => Calling().IsMatch(File.ReadAllText(path))).Select(Path.GetFileName);
        Assert.Equal(["Demonstration.cs", "OutboundHttp.cs"], callers.Order(StringComparer.Ordinal));
    }

    // An identifier that ends in what a secret is called, compared with anything but null or a literal.
    [GeneratedRegex(@"(?i)\b\w*(secret|password|passwordhash|verifier|challenge|tokenhash)\b(\s*(==|!=)(?!\s*(null\b|""|\w+\.\w*Kind))|\.(Equals|SequenceEqual)\()|(==|!=)\s*\w*(secret|password|passwordhash|verifier|challenge|tokenhash)\b(?!\s*[.(])")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"new (HttpClient|SocketsHttpHandler|HttpClientHandler|WebClient)\b|WebRequest\.Create|IHttpClientFactory")]
    private static partial Regex Calling();
}
