using System.Globalization;

namespace FhirFacade.Fuzz;

/// <summary>What a run is told on the command line.</summary>
/// <param name="Target">What is fed.</param>
internal sealed record FuzzOptions(FuzzTarget Target)
{
    /// <summary>How long it runs at most.</summary>
    public double Minutes { get; init; } = 10;

    /// <summary>After how many inputs it ends at the latest.</summary>
    public long Inputs { get; init; } = long.MaxValue;

    /// <summary>Of the inputs; the same seed and number give the same input.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of the one input that is to be run.</summary>
    public long? Only { get; init; }

    /// <summary>A file whose bytes are the one input that is to be run.</summary>
    public string? Replay { get; init; }

    /// <summary>Where a child process notes the number of the input it is at.</summary>
    public string? Progress { get; init; }

    /// <summary>Null where the command line is wrong.</summary>
    public static FuzzOptions? Parse(string[] args)
    {
        if (args.Length % 2 == 0 || FuzzTarget.Find(args[0]) is not { } target)
        {
            return null;
        }

        var options = new FuzzOptions(target);
        for (var at = 1; at < args.Length; at += 2)
        {
            var value = args[at + 1];
            var isNumber = double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0;
            switch (args[at])
            {
                case "--minutes" when isNumber:
                    options = options with { Minutes = number };
                    break;
                case "--inputs" when isNumber:
                    options = options with { Inputs = (long)number };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = (int)number };
                    break;
                case "--only" when isNumber:
                    options = options with { Only = (long)number };
                    break;
                case "--replay" when File.Exists(value):
                    options = options with { Replay = value };
                    break;
                case "--progress":
                    options = options with { Progress = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
