using System.Collections.Immutable;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Server.Configuration;

/// <summary>What this server knows beyond R4: US Core, as built in, and the packages that the site has installed. Immutable.</summary>
public sealed partial class SiteDefinitions
{
    /// <summary>The version of US Core that counts where the site has installed none.</summary>
    public const string DefaultUsCore = "6.1.0";

    internal const string UsCoreName = "hl7.fhir.us.core";

    private const string UsCoreCanonical = "http://hl7.org/fhir/us/core";

    private readonly Lazy<ImmutableArray<Package>> inForce;
    private readonly Lazy<ResourceValidator> validator;
    private readonly Lazy<TerminologySet> terminology;

    private SiteDefinitions(ImmutableArray<Package> packages, SearchParameterSet searchParameters)
    {
        (Packages, SearchParameters) = (packages, searchParameters);
        inForce = new(() => [.. packages.Any(package => package.Name == UsCoreName) ? [] : new[] { UsCore.Load(DefaultUsCore) }, .. packages]);
        validator = new(() => ResourceValidator.R4.With([.. inForce.Value]));
        terminology = new(() => TerminologySet.R4.With(inForce.Value));
    }

    /// <summary>A site without packages.</summary>
    public static SiteDefinitions BuiltIn { get; } = new([], SearchParameterSet.BuiltIn);

    /// <summary>The installed packages, by name.</summary>
    public ImmutableArray<Package> Packages { get; }

    /// <summary>The packages whose content counts here: the installed ones, and the built-in US Core where none is installed.</summary>
    public ImmutableArray<Package> InForce => inForce.Value;

    /// <summary>The version of US Core that counts.</summary>
    public string UsCoreVersion => Packages.LastOrDefault(package => package.Name == UsCoreName)?.Version ?? DefaultUsCore;

    /// <summary>The guides that the packages are, each with its version: <c>url|version</c>. One that does not say where it is published has no url.</summary>
    public IEnumerable<string> Guides => InForce.Select(package => (package, Url: package.Canonical ?? (package.Name == UsCoreName ? UsCoreCanonical : null))).Where(guide => guide.Url is not null)
        .Select(guide => $"{guide.Url!.TrimEnd('/')}/ImplementationGuide/{guide.package.Name}|{guide.package.Version}");

    /// <summary>The terminology of R4, US Core and the packages; made on first use.</summary>
    public TerminologySet Terminology => terminology.Value;

    /// <summary>A validator that knows R4, US Core and the packages; made on first use.</summary>
    public ResourceValidator Validator => validator.Value;

    /// <summary>The search parameters that are built in, and those of the packages.</summary>
    public SearchParameterSet SearchParameters { get; }

    /// <summary>The folder that <c>fhirfacade package install</c> puts packages into.</summary>
    public static string FolderOf(ServerOptions options) => Path.Combine(options.DataPath, "packages");

    /// <summary>Reads the site's packages and logs a line for each.</summary>
    /// <exception cref="StartupException">One can no longer be read: what it brings would be missing without anybody's notice.</exception>
    public static SiteDefinitions Load(ServerOptions options, ILogger logger)
    {
        var packages = ImmutableArray.CreateBuilder<Package>();
        var searchParameters = SearchParameterSet.BuiltIn;
        foreach (var installed in PackageFolder.List(FolderOf(options)))
        {
            var loaded = installed.Load();
            if (loaded.Package is not { } package)
            {
                throw new StartupException(
                    $"the installed package {installed.Name}#{installed.Version} cannot be read: {loaded.Issues[0].Diagnostics} Install it again, or take it out with: package remove {installed.Name}");
            }

            Loaded(logger, package.Name, package.Version, package.Profiles.Length, package.ValueSets.Length, package.CodeSystems.Length, package.SearchParameters.Length);
            packages.Add(package);
            var added = searchParameters.With(package.SearchParameters);
            searchParameters = added.Set;
            foreach (var issue in added.Issues)
            {
                LeftOut(logger, package.Name, package.Version, issue.Diagnostics);
            }
        }

        return packages.Count == 0 ? BuiltIn : new(packages.DrainToImmutable(), searchParameters);
    }

    [LoggerMessage(2, LogLevel.Warning, "package {Name}#{Version}: {Rule}")]
    private static partial void LeftOut(ILogger logger, string name, string version, string rule);

    [LoggerMessage(1, LogLevel.Information, "package {Name}#{Version}: {Profiles} profiles, {ValueSets} value sets, {CodeSystems} code systems, {SearchParameters} search parameters")]
    private static partial void Loaded(ILogger logger, string name, string version, int profiles, int valueSets, int codeSystems, int searchParameters);
}
