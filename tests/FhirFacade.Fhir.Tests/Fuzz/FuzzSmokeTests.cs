using FhirFacade.Fuzz;
using Xunit;

namespace FhirFacade.Fhir.Tests.Fuzz;

/// <summary>The fuzzer over every door for a moment, so that it is always ready for a long run.</summary>
public sealed class FuzzSmokeTests
{
    public static TheoryData<string> Targets => [.. FuzzTarget.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_few_hundred_strange_inputs_find_nothing(string name)
    {
        var run = new FuzzRun(FuzzTarget.Find(name)!, seed: 4);
        var finding = run.For(TimeSpan.MaxValue, inputs: 400);

        Assert.Null(finding);
        Assert.Equal(400, run.Done);
        Assert.InRange(run.LetIn, 20, 390);
    }

    [Fact]
    public void An_input_is_made_again_from_seed_and_number() =>
        Assert.All(FuzzTarget.Names.Select(name => FuzzTarget.Find(name)!), target => Assert.Equal(target.Input(7, 11), target.Input(7, 11)));

    [Fact]
    public void What_breaks_a_promise_is_found()
    {
        var finding = new FuzzRun(new Brittle(), seed: 1).For(TimeSpan.MaxValue, inputs: 100_000);

        Assert.Equal(Array.IndexOf([.. Enumerable.Range(0, 5000).Select(number => new Brittle().Input(1, number)[0] == 255)], true), finding!.Number);
        Assert.Contains("a byte is below 255", finding.What, StringComparison.Ordinal);
    }

    private sealed class Brittle : FuzzTarget
    {
        public override string Name => "brittle";

        public override bool Feed(byte[] input)
        {
            FuzzViolation.Unless(input[0] < 255, "a byte is below 255");
            return true;
        }

        protected override byte[] Make(Random random) => [(byte)random.Next(256)];
    }
}
