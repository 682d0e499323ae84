using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace FhirFacade.Fhir.Tests.Packages;

/// <summary>Writes packages, sound and hostile ones.</summary>
internal static class PackageBuilder
{
    public const string Manifest = """{"name":"example.guide","version":"1.0.0","fhirVersions":["4.0.1"],"dependencies":{"hl7.fhir.r4.core":"4.0.1"}}""";

    public static MemoryStream Of(params (string Name, string Content)[] files) => Of(files.Select(file => (TarEntry)new PaxTarEntry(TarEntryType.RegularFile, file.Name)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file.Content)),
    }));

    public static MemoryStream Of(IEnumerable<TarEntry> entries)
    {
        var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        result.Position = 0;
        return result;
    }

    public static MemoryStream Gzip(ReadOnlySpan<byte> content)
    {
        var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        result.Position = 0;
        return result;
    }
}
