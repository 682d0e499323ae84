namespace FhirFacade.Attacks.Tests;

/// <summary>The command by which anyone attacks a server of theirs.</summary>
public sealed class AttackCommandTests
{
    [Theory]
    [InlineData("host/fhir")]
    [InlineData("ftp://127.0.0.1/fhir")]
    [InlineData("")]
    public async Task What_is_no_address_ends_the_command(string address) => Assert.Equal(2, await AttackCommand.RunAsync([address, "--client-id", "attacks"]));

    [Fact]
    public async Task A_server_that_does_not_answer_ends_the_command() => Assert.Equal(2, await AttackCommand.RunAsync(["http://127.0.0.1:9/fhir", "--client-id", "attacks", "--secret", "none"]));
}
