using System.Diagnostics;
using Xunit;

namespace FhirFacade.Layout.Tests;

/// <summary>What <c>./test</c> makes of an audit of packages: a weakness fails, and where nobody can be asked nothing passes.</summary>
public sealed class PackageAuditTests
{
    [Theory]
    [InlineData("NU1903: Package 'X' 1.0.0 has a known high severity vulnerability", "", "0 1 0")]
    [InlineData("NU1903: Package 'X' 1.0.0 has a known high severity vulnerability", "NU1905", "0 1 0")]
    [InlineData("", "NU1905", "0 0 1")]
    [InlineData("", "", "1 0 0")]
    public void A_weakness_fails_and_silence_of_the_source_is_no_pass(string known, string missing, string counts)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash here");
        var script = $". .ci/audit.sh; passed=0 failed=0 skipped=0; audit_verdict packages \"$1\" \"$2\" >&2; echo $passed $failed $skipped";
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script, "test", known, missing]) { WorkingDirectory = RepositoryTree.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal(counts, output.Trim());
    }
}
