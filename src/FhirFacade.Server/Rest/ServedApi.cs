using System.Reflection;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Rest;

/// <summary>What the API offers at the moment. Whatever is made of it is made once, and again when search parameters have been added.</summary>
internal sealed class ServedApi(SmartSettings settings, ServerOptions options, SiteDefinitions definitions, TimeProvider clock)
{
    private readonly CapabilityStatement statement = new(settings, options.Rest, definitions);

    /// <summary>The version of this program.</summary>
    public static string Version { get; } = typeof(ServedApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>When it began to offer this.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    /// <summary>The CapabilityStatement, anew at each call.</summary>
    public JsonObject Statement() => statement.Build(Since, Version);

    /// <summary>The TerminologyCapabilities, anew at each call.</summary>
    public JsonObject TerminologyStatement() => statement.BuildTerminology(Since, Version);

    /// <summary>Keeps what is made of the API for as long as the API stays the same.</summary>
    public static Func<T> Kept<T>(Func<T> make)
    {
        Tuple<SearchParameterSet, T>? kept = null;
        return () =>
        {
            var served = SearchParameterSet.Served;
            if (Volatile.Read(ref kept) is { } known && ReferenceEquals(known.Item1, served))
            {
                return known.Item2;
            }
            var made = make();
            Volatile.Write(ref kept, Tuple.Create(served, made));
            return made;
        };
    }
}
