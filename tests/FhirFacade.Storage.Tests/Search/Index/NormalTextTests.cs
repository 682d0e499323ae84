using FhirFacade.Storage.Search.Index;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Index;

public sealed class NormalTextTests
{
    [Theory]
    [InlineData("Müller", "muller")]
    [InlineData("MÜLLER-LÜDENSCHEIDT", "muller ludenscheidt")]
    [InlineData("O'Brien", "obrien")]
    [InlineData("O’Brien", "obrien")]
    [InlineData("St. John", "st john")]
    [InlineData("  van   der\tBerg ", "van der berg")]
    [InlineData("Straße", "strasse")]
    [InlineData("Søren Łukasz", "soren lukasz")]
    [InlineData("José\u0000María", "jose maria")]
    [InlineData("e\u0301", "e")]
    [InlineData("山田 太郎", "山田 太郎")]
    [InlineData("12, Main St", "12 main st")]
    [InlineData("...", "")]
    [InlineData("", "")]
    public void Text_is_compared_without_case_accents_and_punctuation(string text, string normal)
    {
        Assert.Equal(normal, NormalText.Of(text));
    }

    [Fact]
    public void A_lone_surrogate_is_no_reason_to_fail()
    {
        Assert.Equal("a b", NormalText.Of("a\uD800b"));
    }

    [Fact]
    public void What_is_normal_stays_as_it_is()
    {
        Prop.ForAll<string>(text =>
        {
            var normal = NormalText.Of(text ?? "");
            return NormalText.Of(normal) == normal && !normal.Contains('\0', StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ASCII_has_no_rules_of_its_own()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<char[]>(), letters =>
        {
            var text = new string([.. letters.Select(c => (char)(c % 128))]);
            return $"{NormalText.Of(text)} e".TrimStart() == NormalText.Of(text + " é");
        }).QuickCheckThrowOnFailure();
    }
}
