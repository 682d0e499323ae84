using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Consents;

/// <summary>Reads R4 Consent.policyRule and Consent.provision, nested to any depth.</summary>
internal sealed class ProvisionReader(ConsentScope scope)
{
    private static readonly HashSet<string> Understood =
    [
        "id", "extension", "type", "period", "actor", "action", "securityLabel", "purpose", "class", "code", "dataPeriod", "data", "provision",
    ];

    private readonly ImmutableArray<ConsentProvision>.Builder provisions = ImmutableArray.CreateBuilder<ConsentProvision>();
    private readonly ImmutableArray<Issue>.Builder issues = ImmutableArray.CreateBuilder<Issue>();

    public ImmutableArray<ConsentProvision> Provisions => provisions.ToImmutable();

    public ImmutableArray<Issue> Issues => issues.ToImmutable();

    /// <summary>The base, then the root provision, then what it nests.</summary>
    public void ReadRoot(JsonElement consent)
    {
        var root = consent.Property("provision"u8);
        if (consent.Property("modifierExtension"u8).ValueKind != JsonValueKind.Undefined || consent.Property("implicitRules"u8).ValueKind != JsonValueKind.Undefined)
        {
            NotUnderstood("Consent", "a consent that is modified in a way that is not understood closes the whole record");
            Add(new ConsentProvision(-1, Denies: true) { IsOpaque = true });
            return;
        }

        if (scope == ConsentScope.Unknown)
        {
            NotUnderstood("Consent.scope", "a scope that is not understood: what the consent permits is not opened, what it denies is closed");
        }

        const string path = "Consent.provision";
        var policy = PolicyOf(consent);
        if (root.ValueKind != JsonValueKind.Object)
        {
            if (policy == Base.Unknown)
            {
                NotUnderstood("Consent.policyRule", "a consent with neither a provision nor the policy opt-in or opt-out closes the whole record");
            }

            Add(Researching(new ConsentProvision(-1, policy != Base.Permit)));
            return;
        }

        var read = Read(root, -1, path);
        var type = root.Text("type"u8);
        switch (policy)
        {
            case Base.Deny:
                // Opted out, but for what the provisions open.
                Add(Researching(new ConsentProvision(-1, Denies: true)));
                read = read with { Parent = 0, Denies = type != "permit" || read.Denies };
                break;
            case Base.Permit when type == "deny":
                // Opted in, but for this; for as long as this is said at all.
                Add(Researching(new ConsentProvision(-1, Denies: false) { ValidFrom = read.ValidFrom, ValidTo = read.ValidTo, IsOpaque = read.IsOpaque }));
                read = read with { Parent = 0 };
                break;
            case Base.Permit when type is null && !HasConditions(root):
                read = read with { Denies = read.IsOpaque };
                break;
            default:
                if (type is null)
                {
                    NotUnderstood(path + ".type", "a root provision without a type denies what it covers, except for what provisions within it permit");
                }

                break;
        }

        Add(IsModified(root) ? read : Researching(read));
        ReadNested(root, provisions.Count - 1, path);
    }

    private void ReadNested(JsonElement provision, int parent, string path)
    {
        if (IsModified(provision))
        {
            return;
        }

        var i = 0;
        foreach (var nested in provision.Items("provision"u8))
        {
            var place = $"{path}.provision[{i++}]";
            if (nested.Text("type"u8) is not ("permit" or "deny"))
            {
                NotUnderstood(place + ".type", "a provision within another that does not say what it does denies what it covers");
            }

            Add(Read(nested, parent, place));
            ReadNested(nested, provisions.Count - 1, place);
        }
    }

    private ConsentProvision Read(JsonElement provision, int parent, string path)
    {
        // What a modifier changes may be any of the conditions: then the rule covers all that the one above it covers.
        if (IsModified(provision))
        {
            NotUnderstood(path, "a provision that is modified in a way that is not understood denies whatever it might cover");
            return new ConsentProvision(parent, Denies: true) { IsOpaque = true };
        }

        var type = provision.Text("type"u8);
        var conditions = new ProvisionConditions(path, issues);
        var read = conditions.Read(provision, new ConsentProvision(parent, type != "permit"));
        return conditions.HasUnread || type is not (null or "permit" or "deny") ? read with { IsOpaque = true } : read;
    }

    private void Add(ConsentProvision provision) =>
        provisions.Add(scope == ConsentScope.Unknown && !provision.Denies ? provision with { IsOpaque = true } : provision);

    private ConsentProvision Researching(ConsentProvision root) =>
        scope == ConsentScope.Research && root.Purposes is null ? ProvisionPurposes.Research(root) : root;

    private void NotUnderstood(string path, string rule) => issues.Add(Issue.Warning(IssueType.NotSupported, rule, path));

    private static bool IsModified(JsonElement provision) =>
        provision.ValueKind != JsonValueKind.Object || provision.EnumerateObject().Any(p => !Understood.Contains(p.Name.TrimStart('_')));

    private static bool HasConditions(JsonElement provision) => provision.EnumerateObject().Any(p => p.Name.TrimStart('_') is not ("id" or "extension" or "type" or "provision"));

    private enum Base
    {
        Unknown,
        Permit,
        Deny,
    }

    private static Base PolicyOf(JsonElement consent)
    {
        var codes = consent.Property("policyRule"u8).Items("coding"u8).Where(coding => coding.Text("system"u8) == "http://terminology.hl7.org/CodeSystem/v3-ActCode").Select(coding => coding.Text("code"u8)).ToList();
        return codes.Exists(code => code is "OPTOUT" or "OPTOUTE") ? Base.Deny : codes.Exists(code => code is "OPTIN" or "OPTINR") ? Base.Permit : Base.Unknown;
    }
}
