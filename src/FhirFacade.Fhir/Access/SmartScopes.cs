using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace FhirFacade.Fhir.Access;

/// <summary>Reads the <c>scope</c> of a token: SMART App Launch 1 and 2 (scopes-and-launch-context).</summary>
public static partial class SmartScopes
{
    /// <summary>The letters of a version 2 scope in the one order in which they may stand.</summary>
    internal static ImmutableArray<(char Letter, Interactions Interaction)> Letters { get; } =
    [
        ('c', Interactions.Create),
        ('r', Interactions.Read),
        ('u', Interactions.Update),
        ('d', Interactions.Delete),
        ('s', Interactions.Search),
    ];

    /// <summary>Splits a scope string at its spaces into rules.</summary>
    /// <returns>
    /// The rules, in order; and every word that is neither a resource scope nor one of the launch and identity scopes
    /// (<c>openid</c>, <c>launch/patient</c>, <c>offline_access</c> ...). A word that is not understood opens nothing.
    /// </returns>
    public static (ImmutableArray<AccessRule> Rules, ImmutableArray<string> Unknown) Parse(string? scope)
    {
        var rules = ImmutableArray.CreateBuilder<AccessRule>();
        var unknown = ImmutableArray.CreateBuilder<string>();
        foreach (var word in (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Rule(word) is { } rule)
            {
                rules.Add(rule);
            }
            else if (!IsLaunchOrIdentity(word))
            {
                unknown.Add(word);
            }
        }

        return (rules.ToImmutable(), unknown.ToImmutable());
    }

    /// <summary>What both lists open: each rule of the one cut with each rule of the other.</summary>
    public static ImmutableArray<AccessRule> Intersect(IEnumerable<AccessRule> requested, IReadOnlyCollection<AccessRule> allowed)
    {
        return [.. requested.SelectMany(r => allowed.Select(r.Intersect)).OfType<AccessRule>().Distinct()];
    }

    private static AccessRule? Rule(string word)
    {
        var match = ResourceScope().Match(word);
        if (!match.Success)
        {
            return null;
        }

        AccessContext context = match.Groups["context"].Value switch
        {
            "patient" => AccessContext.Patient,
            "user" => AccessContext.User,
            _ => AccessContext.System,
        };
        var version1 = match.Groups["v1"].Success;
        var filter = match.Groups["filter"];
        if (filter.Success && (version1 || !filter.Value.Split('&').All(pair => Condition().IsMatch(pair))))
        {
            return null;
        }

        var interactions = version1 ? Version1(match.Groups["v1"].Value) : Version2(match.Groups["v2"].Value);
        return interactions == Interactions.None
            ? null
            : new AccessRule(context, match.Groups["type"].Value, interactions, filter.Success ? filter.Value : null);
    }

    private static Interactions Version1(string word) => word switch
    {
        "read" => Interactions.Read | Interactions.Search,
        "write" => Interactions.Create | Interactions.Update | Interactions.Delete,
        "*" => Interactions.All,
        _ => Interactions.None,
    };

    private static Interactions Version2(string letters)
    {
        return Letters.Where(l => letters.Contains(l.Letter)).Aggregate(Interactions.None, (all, l) => all | l.Interaction);
    }

    private static bool IsLaunchOrIdentity(string word)
    {
        return word is "openid" or "fhirUser" or "profile" or "email" or "offline_access" or "online_access" or "launch"
            || LaunchContext().IsMatch(word);
    }

    [GeneratedRegex(@"^(?<context>patient|user|system)/(?<type>\*|[A-Z][A-Za-z]{1,63})\.(?:(?<v1>read|write|\*)|(?<v2>c?r?u?d?s?))(?:\?(?<filter>.*))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ResourceScope();

    // A parameter without a value would be no condition at all, so it is not a filter.
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.:-]*=[^=\s][^\s]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Condition();

    [GeneratedRegex(@"^launch/[a-z][a-z-]*(\?[^\s]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LaunchContext();
}
