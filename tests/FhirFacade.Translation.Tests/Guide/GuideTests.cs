using FhirFacade.GuideCheck;

namespace FhirFacade.Translation.Tests.Guide;

/// <summary>The published guide against what translated messages show: each row that has a target is carried, or somebody says why not, and is right.</summary>
public class GuideTests
{
    [Fact]
    public void Every_row_of_the_guide_is_shown_by_a_translated_message_or_its_absence_explained()
    {
        var ledger = new Ledger(TestData.Guide(), TestData.Tables());
        var rows = GuideReader.Read(TestData.Guide()).ToList();
        Assert.True(rows.Count > 6500, $"{rows.Count}");
        var findings = rows.ConvertAll(row => (row.Key, Finding: ledger.Of(row)));
        Assert.Empty(findings.Where(f => f.Finding.Fate is Fate.Unexplained or Fate.Contradicted).Select(f => $"{f.Key}: {f.Finding.Text}"));
        Assert.Empty(ledger.Strays(rows));
        Assert.True(findings.Count(f => f.Finding.Fate is Fate.Carried or Fate.Elsewhere) > 6500);
        Assert.All(findings.Where(f => f.Finding.Fate is Fate.LeftOut or Fate.Elsewhere), f => Assert.True(f.Finding.Text.Length > 20, f.Key));
    }

    [Fact]
    public void A_row_whose_field_makes_nothing_is_found_out()
    {
        var row = GuideReader.Read(TestData.Guide()).First(r => r.Key == "segments/PID[Patient]/PID-8/gender");
        var ledger = new Ledger(TestData.Guide(), TestData.Tables());
        Assert.Equal(Fate.Carried, ledger.Of(row).Fate);
        Assert.Equal(Fate.Unexplained, ledger.Of(row with { Key = "of nobody", Target = "deceasedBoolean" }).Fate);
        Assert.Equal(Fate.Unexplained, ledger.Of(row with { Key = "of nobody", Source = "PID-32" }).Fate);
    }

    [Fact]
    public void A_row_that_is_said_to_be_left_out_and_is_carried_is_found_out()
    {
        var rows = GuideReader.Read(TestData.Guide()).ToList();
        var leftOut = rows.First(r => r.Key == "segments/MSH[MessageHeader]/MSH-18/extension");
        var ledger = new Ledger(TestData.Guide(), TestData.Tables());
        Assert.Equal(Fate.LeftOut, ledger.Of(leftOut).Fate);
        Assert.Equal(Fate.Contradicted, ledger.Of(leftOut with { Source = "MSH-19", Target = "language", Type = "CWE" }).Fate);
    }

    [Fact]
    public void Every_class_that_the_tables_of_data_types_name_exists()
    {
        var classes = typeof(Translator).Assembly.GetTypes().Select(t => t.Name).ToHashSet();
        var named = Directory.EnumerateFiles(Path.Combine(TestData.Tables(), "datatypes"), "*.csv").SelectMany(f => CsvTable.Read(f).Skip(1)).Select(r => r[2]).Distinct();
        Assert.All(named, name => Assert.Contains(name, classes));
    }
}
