using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks;

/// <summary>Attacks a server that runs somewhere, and says of each attack what became of it.</summary>
public static class AttackCommand
{
    private static readonly Argument<Uri?> Base = new("fhir-base") { Description = "the FHIR base of the server, such as https://host/fhir", CustomParser = Address };
    private static readonly Option<string> Client = new("--client-id") { Description = "a client with system/*.cruds; it makes patients and removes them", Required = true };
    private static readonly Option<string?> Secret = new("--secret") { Description = "its secret" };
    private static readonly Option<FileInfo?> Key = new("--key") { Description = "its private key instead (P-384, PEM)" };
    private static readonly Option<string> KeyId = new("--key-id") { Description = "the key's id in its JWKS", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> Policy = new("--policy-client") { Description = $"a client of system/*.cruds for which the site masks {string.Join(", ", Target.MaskedElements)} and excludes {Target.ExcludedLabel}" };
    private static readonly Option<string?> PolicySecret = new("--policy-secret") { Description = "its secret" };
    private static readonly Option<string?> Denied = new("--denied-client") { Description = "a client of system/*.cruds without a policy, to which a patient denies the record by consents" };
    private static readonly Option<string?> DeniedSecret = new("--denied-secret") { Description = "its secret" };
    private static readonly Option<bool> OptIn = new("--opt-in") { Description = "nothing is open here without a consent (Access:Consent OptIn); Access:ConsentExempt has to name the first client" };
    private static readonly Option<string?> App = new("--app") { Description = "a public app with openid fhirUser launch launch/patient offline_access patient/*.cruds user/*.cruds" };
    private static readonly Option<string> Redirect = new("--redirect") { Description = "its redirect address", DefaultValueFactory = _ => "http://127.0.0.1:3000/callback" };
    private static readonly Option<string?> User = new("--user") { Description = "a practitioner's account; whom it reaches is what its care teams say" };
    private static readonly Option<string?> EmergencyUser = new("--emergency-user") { Description = "another practitioner's account, with the right to break the glass; the app's policy has to list BTG" };
    private static readonly Option<string> Password = new("--password") { Description = "the password of both", DefaultValueFactory = _ => "" };

    /// <summary>0 where everything was held, 1 where something leaked or broke, 2 where the command was wrong or the server could not be prepared.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand("Attacks a FHIR server by every path to a row, with true tokens that do not open it.") { Base, Client, Secret, Key, KeyId, Policy, PolicySecret, Denied, DeniedSecret, OptIn, App, Redirect, User, EmergencyUser, Password };
        command.SetAction(AttackAsync);
        var line = command.Parse(args);
        var code = await line.InvokeAsync();
        return line.Errors.Count > 0 ? 2 : code;
    }

    private static async Task<int> AttackAsync(ParseResult line, CancellationToken cancel)
    {
        try
        {
            var findings = await AttackSuite.RunAsync(Described(line), null, cancel);
            foreach (var finding in findings)
            {
                Console.WriteLine(finding);
            }
            Console.WriteLine(string.Join(", ", findings.CountBy(f => f.Verdict).Select(c => $"{c.Value} {c.Key}")));
            return findings.Any(f => f.Verdict is Verdict.Leaked or Verdict.Broken) ? 1 : 0;
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("the server did not answer in time: " + late.Message);
            return 2;
        }
        catch (Exception refused) when (refused is UnexpectedAnswerException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 2;
        }
    }

    private static Target Described(ParseResult line) => new(line.GetValue(Base)!, new ClientCredentials(line.GetValue(Client)!, line.GetValue(Secret), PrivateKey(line.GetValue(Key)), line.GetValue(KeyId)!))
    {
        Restricted = line.GetValue(Policy) is { } policy ? new ClientCredentials(policy, line.GetValue(PolicySecret)) : null,
        Denied = line.GetValue(Denied) is { } denied ? new ClientCredentials(denied, line.GetValue(DeniedSecret)) : null,
        IsOptIn = line.GetValue(OptIn),
        App = line.GetValue(App),
        RedirectUri = line.GetValue(Redirect)!,
        User = line.GetValue(User),
        EmergencyUser = line.GetValue(EmergencyUser),
        Password = line.GetValue(Password)!,
    };

    private static Uri? Address(ArgumentResult said)
    {
        if (Uri.TryCreate(said.Tokens.Single().Value, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https"))
        {
            return address;
        }
        said.AddError("fhir-base is to be an http or https address, such as https://host/fhir");
        return null;
    }

    private static ECDsa? PrivateKey(FileInfo? file)
    {
        if (file is null)
        {
            return null;
        }
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file.FullName));
        return key;
    }
}
