namespace FhirFacade.Fuzz;

/// <summary>One input once more, under the same watch.</summary>
internal static class FuzzReplay
{
    public static int Run(FuzzTarget target, byte[] input)
    {
        var finding = new FuzzRun(new Fixed(target, input), 0).For(TimeSpan.MaxValue, 1);
        Console.WriteLine(finding is null ? "nothing found" : finding.What);
        return finding is null ? 0 : 1;
    }

    private sealed class Fixed(FuzzTarget target, byte[] input) : FuzzTarget
    {
        public override string Name => target.Name;

        public override bool Feed(byte[] input) => target.Feed(input);

        protected override byte[] Make(Random random) => input;
    }
}
