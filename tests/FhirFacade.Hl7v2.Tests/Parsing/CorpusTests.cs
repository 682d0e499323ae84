using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class CorpusTests
{
    [Fact]
    public void Every_sample_file_is_read_or_refused_with_a_place()
    {
        var files = TestData.MessageFiles();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var content = BatchReader.Read(File.ReadAllBytes(file));
            Assert.True(content.Messages.Length > 0 || content.Errors.Any(e => e.Severity == Hl7Severity.Error && e.Location.Length > 0), file);
            foreach (var part in content.Messages)
            {
                var result = Hl7Message.Parse(part.Bytes);
                Assert.True(result.Message is not null || result.Errors.Any(e => e.Location.Length > 0), file);
                if (result.Message is { } message)
                {
                    Assert.True(IndexedMessage.Touch(message) > 0, file);
                }
            }
        }
    }

    [Fact]
    public void Sample_messages_have_the_parts_that_splitting_strings_finds()
    {
        var compared = 0;
        foreach (var file in TestData.MessageFiles())
        {
            foreach (var part in BatchReader.Read(File.ReadAllBytes(file)).Messages)
            {
                // Damaged separators and lines that are no segments have rules of their own, tested elsewhere.
                var result = Hl7Message.Parse(part.Bytes);
                if (result.Message is { } message && result.Errors.All(e => e.Location != "MSH-2" && !e.Location.StartsWith("segment", StringComparison.Ordinal)))
                {
                    Assert.Equal(NaiveMessage.Leaves(part.Bytes.ToArray()), IndexedMessage.Leaves(message));
                    compared++;
                }
            }
        }

        Assert.True(compared > 600, $"{compared}");
    }
}
