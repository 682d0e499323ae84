using System.Formats.Tar;
using System.Text;
using FhirFacade.Fhir.Tests.Packages;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Tests.Ingest;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.CommandLine;

/// <summary>Implementation guides of a site, as its operator installs them.</summary>
public sealed class PackageCommandTests : IDisposable
{
    private const string Profile = """
        {"resourceType":"StructureDefinition","url":"http://example.org/ward-patient","type":"Patient","derivation":"constraint","kind":"resource",
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}
        """;

    private readonly string data = Directory.CreateTempSubdirectory("fhirfacade-package-").FullName;

    public static TheoryData<string> Bad => [.. BadPackages.Keys];

    private static Dictionary<string, Func<MemoryStream>> BadPackages { get; } = new(StringComparer.Ordinal)
    {
        ["not gzip"] = () => new MemoryStream("no package"u8.ToArray()),
        ["not tar"] = () => PackageBuilder.Gzip("no tar"u8),
        ["empty"] = () => new MemoryStream(),
        ["a name that leads out"] = () => Guide(("../../evil.json", "{}")),
        ["a link"] = () => PackageBuilder.Of([new PaxTarEntry(TarEntryType.SymbolicLink, "package/package.json") { LinkName = "/etc/passwd" }]),
        ["too big"] = () => PackageBuilder.Gzip(new byte[40 << 20]),
        ["no manifest"] = () => PackageBuilder.Of(("package/ValueSet-a.json", "{}")),
        ["broken manifest"] = () => PackageBuilder.Of(("package/package.json", "{")),
        ["another release"] = () => PackageBuilder.Of(("package/package.json", """{"name":"example.guide","version":"1.0.0","fhirVersions":["5.0.0"]}""")),
        ["a name that is none"] = () => PackageBuilder.Of(("package/package.json", """{"name":"../guide","version":"1.0.0","fhirVersions":["4.0.1"]}""")),
        ["a broken file"] = () => Guide(("package/StructureDefinition-broken.json", """{"resourceType":"StructureDefinition","url":""")),
    };

    [Fact]
    public async Task A_package_is_installed_listed_loaded_by_the_server_and_removed()
    {
        var installed = await RunAsync("install", File("a.tgz", Guide(("package/StructureDefinition-p.json", Profile))));
        Assert.Equal((0, "example.guide#1.0.0 installed: 1 profiles, 1 value sets", ""), (installed.ExitCode, installed.Out.Trim(), installed.Error));
        Assert.Equal("example.guide#1.0.0  1 profiles, 1 value sets", (await RunAsync("list")).Out.Trim());

        await using var database = await TestCluster.NewDatabaseAsync();
        string[] ports = ["--http", $"http://127.0.0.1:{IngestServer.FreePort()}", "--mllp-port", $"{IngestServer.FreePort()}"];
        await using (var server = await HostProcess.ServeAsync(ports, ("DataDirectory", data), ("Storage__ConnectionString", database.ConnectionString)))
        {
            Assert.Contains("package example.guide#1.0.0: 1 profiles, 1 value sets, 0 code systems, 0 search parameters", server.Output, StringComparison.Ordinal);
            Assert.Contains("started anew", (await RunAsync("install", File("b.tgz", Guide()))).Out, StringComparison.Ordinal);
            Assert.Equal(0, await server.InterruptAsync());
        }

        var removed = await RunAsync("remove", "example.guide#1.0.0");
        Assert.Equal((0, "example.guide#1.0.0 removed"), (removed.ExitCode, removed.Out.Trim()));
        Assert.Equal((0, ""), ((await RunAsync("list")).ExitCode, (await RunAsync("list")).Out));
        AssertRefused(await RunAsync("remove", "example.guide"));
    }

    [Fact]
    public async Task A_search_parameter_of_a_package_finds_what_is_stored_under_it()
    {
        const string parameter = """
            {"resourceType":"SearchParameter","url":"http://example.org/nickname","code":"nickname","type":"string","base":["Patient"],"expression":"Patient.name.where(use = 'nickname').given"}
            """;
        Assert.Contains("from then on", (await RunAsync("install", File("a.tgz", Guide(("package/SearchParameter-n.json", parameter))))).Out, StringComparison.Ordinal);

        await using var database = await TestCluster.NewDatabaseAsync();
        (string, string)[] environment = [("DataDirectory", data), ("Storage__ConnectionString", database.ConnectionString)];
        var url = $"http://127.0.0.1:{IngestServer.FreePort()}";
        await using var server = await HostProcess.ServeAsync(["--http", url, "--mllp-port", $"{IngestServer.FreePort()}", "--demo"], environment);
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await HostProcess.RunAsync(["token", "--scope", "system/*.cruds"], environment)).Out.Trim());

        foreach (var (use, given) in new[] { ("nickname", "Bobby"), ("official", "Robert") })
        {
            using var patient = new StringContent($$"""{"resourceType":"Patient","name":[{"use":"{{use}}","given":["{{given}}"]}]}""", Encoding.UTF8, "application/fhir+json");
            using var created = await http.PostAsync("fhir/Patient", patient, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Created, created.StatusCode);
        }

        var found = await http.GetStringAsync("fhir/Patient?nickname=bob", TestContext.Current.CancellationToken);
        Assert.Contains("Bobby", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Robert", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_package_builds_on_is_named_if_it_is_not_there()
    {
        var guide = PackageBuilder.Of(("package/package.json", """
            {"name":"example.more","version":"2","fhirVersions":["4.0.1"],"dependencies":{"hl7.fhir.r4.core":"4.0.1","hl7.fhir.us.core":"6.1.0","example.guide":"1.0.0"}}
            """));

        Assert.Contains("it builds on example.guide#1.0.0, which is not installed", (await RunAsync("install", File("more.tgz", guide))).Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_archive_is_one_line_and_leaves_nothing_behind(string what)
    {
        AssertRefused(await RunAsync("install", File("bad.tgz", BadPackages[what]())));
        Assert.False(Directory.Exists(Path.Combine(data, "packages")));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_one_line() => AssertRefused(await RunAsync("install", Path.Combine(data, "nothing.tgz")));

    [Fact]
    public async Task A_server_does_not_start_over_a_package_that_has_been_damaged()
    {
        await RunAsync("install", File("a.tgz", Guide()));
        var file = Directory.GetFiles(Path.Combine(data, "packages")).Single();
        await System.IO.File.WriteAllTextAsync(file, "damaged", TestContext.Current.CancellationToken);

        var list = await RunAsync("list");
        Assert.Equal(1, list.ExitCode);
        Assert.Contains("cannot be read", list.Out, StringComparison.Ordinal);
        AssertRefused(await HostProcess.RunAsync(["serve"], ("DataDirectory", data), ("Storage__ConnectionString", "Host=127.0.0.1;Port=1;Username=nobody")));
    }

    [Fact]
    public async Task The_validator_of_a_site_holds_resources_to_its_packages()
    {
        await RunAsync("install", File("a.tgz", Guide(("package/StructureDefinition-p.json", Profile))));
        var site = SiteDefinitions.Load(new ServerOptions { DataDirectory = data }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        using var patient = System.Text.Json.JsonDocument.Parse("""{"resourceType":"Patient","meta":{"profile":["http://example.org/ward-patient"]}}""");
        Assert.Contains(site.Validator.Validate(patient.RootElement), issue => issue.IsError && issue.Expression == "Patient.birthDate");
        Assert.DoesNotContain(SiteDefinitions.BuiltIn.Validator.Validate(patient.RootElement), issue => issue.IsError);
        Assert.NotNull(site.Validator.Profiles.Find("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"));
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static MemoryStream Guide(params (string Name, string Content)[] more) => PackageBuilder.Of(
        [("package/package.json", PackageBuilder.Manifest), ("package/ValueSet-v.json", """{"resourceType":"ValueSet","url":"http://example.org/v"}"""), .. more]);

    private static void AssertRefused((int ExitCode, string Out, string Error) run)
    {
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("fhirfacade: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    private string File(string name, MemoryStream content)
    {
        var path = Path.Combine(data, name);
        System.IO.File.WriteAllBytes(path, content.ToArray());
        return path;
    }

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] arguments) => HostProcess.RunAsync(["package", .. arguments], ("DataDirectory", data));
}
