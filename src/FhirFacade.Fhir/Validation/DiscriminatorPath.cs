using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FhirFacade.Fhir.Validation;

/// <summary>The restricted FHIRPath of discriminators: names, <c>$this</c>, <c>extension(url)</c>, <c>resolve()</c>, <c>ofType(type)</c>.</summary>
internal static class DiscriminatorPath
{
    private static readonly ConcurrentDictionary<string, ImmutableArray<DiscriminatorStep>> Parsed = new(StringComparer.Ordinal);

    public static ImmutableArray<DiscriminatorStep> Parse(string path) => Parsed.GetOrAdd(path, static path => [.. Steps(path)]);

    private static IEnumerable<DiscriminatorStep> Steps(string path)
    {
        for (var at = 0; at < path.Length;)
        {
            var end = End(path, at);
            var step = path[at..end].Trim();
            at = end + 1;
            var open = step.IndexOf('(', StringComparison.Ordinal);
            var argument = open < 0 ? "" : step[(open + 1)..].TrimEnd(')').Trim().Trim('\'', '"');
            switch (open < 0 ? step : step[..open])
            {
                case "$this" or "":
                    break;
                case "resolve":
                    yield return new(DiscriminatorStepKind.Resolve, "");
                    break;
                case "ofType" or "as":
                    yield return new(DiscriminatorStepKind.OfType, argument);
                    break;
                case "extension" when open >= 0:
                    yield return new(DiscriminatorStepKind.Extension, argument);
                    break;
                default:
                    yield return new(DiscriminatorStepKind.Name, step.EndsWith("[x]", StringComparison.Ordinal) ? step[..^3] : step);
                    break;
            }
        }
    }

    // The url of an extension has dots of its own.
    private static int End(string path, int from)
    {
        var depth = 0;
        for (var at = from; at < path.Length; at++)
        {
            depth += path[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && path[at] == '.')
            {
                return at;
            }
        }

        return path.Length;
    }
}

/// <summary>One step of such a path.</summary>
internal sealed record DiscriminatorStep(DiscriminatorStepKind Kind, string Name);

/// <summary>What a step does.</summary>
internal enum DiscriminatorStepKind
{
    Name,
    Extension,
    Resolve,
    OfType,
}
