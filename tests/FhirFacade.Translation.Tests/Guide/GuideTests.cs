using FhirFacade.GuideCheck;

namespace FhirFacade.Translation.Tests.Guide;

/// <summary>The published guide against our tables: each row that has a target is carried, or somebody says why not.</summary>
public class GuideTests
{
    [Fact]
    public void Every_row_of_the_guide_is_carried_or_its_absence_explained()
    {
        var carried = new CarriedRows(TestData.Tables());
        var rows = GuideReader.Read(TestData.Guide()).ToList();
        Assert.True(rows.Count > 6500, $"{rows.Count}");
        Assert.Empty(rows.Where(row => carried.How(row) is null && string.IsNullOrWhiteSpace(carried.WhyNot(row))).Select(row => row.Key));
        Assert.True(rows.Count(row => carried.How(row) is not null) > 5900);
    }

    [Fact]
    public void Every_class_that_the_tables_of_data_types_name_exists()
    {
        var classes = typeof(Translator).Assembly.GetTypes().Select(t => t.Name).ToHashSet();
        Assert.All(new CarriedRows(TestData.Tables()).Classes, name => Assert.Contains(name, classes));
    }
}
