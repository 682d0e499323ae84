using System.Reflection;

namespace FhirFacade.Server.CommandLine;

/// <summary>What a person who started the server wants to know first.</summary>
internal static class Banner
{
    public static void Write(RunFile running)
    {
        var version = typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        var lines = new List<string>
        {
            $"FhirFacade {version} is ready; Ctrl-C stops it.",
            $"  FHIR R4     {running.Http}/fhir",
            running.MllpPort < 0 ? "  HL7 v2      MLLP is off" : $"  HL7 v2      MLLP on {running.MllpAddress} port {running.MllpPort}, HTTP on {running.Http}/hl7v2",
            $"  try         curl -s {running.Http}/fhir/metadata",
        };
        lines.AddRange(running.Demo
            ?
            [
                "  demo client demo, secret demo-secret, scope system/*.rs",
                "  get a token " + TokenCurl(running),
            ]
            : ["  demo client none: start with --demo to get one"]);
        Console.WriteLine(string.Join(Environment.NewLine, lines));
    }

    /// <summary>A command line that prints a token of the demo client.</summary>
    public static string TokenCurl(RunFile running) =>
        $"curl -s -u demo:demo-secret -d grant_type=client_credentials -d 'scope=system/*.rs' {running.Http}/oauth/token";
}
