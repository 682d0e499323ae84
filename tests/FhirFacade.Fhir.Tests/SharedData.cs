using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace FhirFacade.Fhir.Tests;

/// <summary>The public test data that is not part of this repository: beside the checkout, or where FHIRFACADE_TEST_DATA says.</summary>
internal static class SharedData
{
    /// <summary>The path of a folder of the data; without it the test is skipped.</summary>
    public static string Folder(string name, [CallerFilePath] string here = "")
    {
        var data = Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Root(here), "..", "shared", "data");
        var folder = Path.Combine(data, name);
        Assert.SkipUnless(Directory.Exists(folder), $"the shared test data ({name}) is not here");
        return folder;
    }

    private static string Root(string here)
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "FhirFacade.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? ".";
    }

    /// <summary>A bzip2 file's content, by the program: the platform reads none. Skips the test where it is not installed.</summary>
    public static byte[] Unpack(string file)
    {
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo("bzip2", ["-dc", file]) { RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            Assert.Skip("bzip2 is not installed");
        }

        using (process!)
        {
            using var bytes = new MemoryStream();
            process!.StandardOutput.BaseStream.CopyTo(bytes);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return bytes.ToArray();
        }
    }
}
