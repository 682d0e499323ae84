using Xunit;

namespace FhirFacade.Layout.Tests;

/// <summary>Which room may know which: the picture of the house, enforced.</summary>
public sealed class RoomsTests
{
    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "FhirFacade.Hl7v2", [] },
        { "FhirFacade.Fhir", [] },
        { "FhirFacade.Definitions", ["FhirFacade.Fhir"] },
        { "FhirFacade.Translation", ["FhirFacade.Fhir", "FhirFacade.Hl7v2"] },
        { "FhirFacade.Storage", ["FhirFacade.Fhir"] },
        { "FhirFacade.Server", ["FhirFacade.Fhir", "FhirFacade.Hl7v2", "FhirFacade.Storage", "FhirFacade.Translation"] },
    };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void A_room_refers_only_to_the_rooms_it_may_know(string room, string[] allowed)
    {
        var references = RepositoryTree.ProjectReferences(Path.Combine(RepositoryTree.Root, "src", room, room + ".csproj"));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_room_is_in_the_picture()
    {
        var rooms = RepositoryTree.Files("src", "*.csproj").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
        Assert.Equal(AllowedReferences.Select(row => row.Data.Item1).Order(StringComparer.Ordinal), rooms);
    }

    [Fact]
    public void The_rooms_without_input_and_output_take_no_package_that_does_it()
    {
        foreach (var room in new[] { "FhirFacade.Hl7v2", "FhirFacade.Fhir", "FhirFacade.Translation" })
        {
            var packages = RepositoryTree.PackageReferences(Path.Combine(RepositoryTree.Root, "src", room, room + ".csproj"));
            Assert.DoesNotContain(packages, package => package.StartsWith("Npgsql", StringComparison.Ordinal)
                || package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(RepositoryTree.Root, "FhirFacade.sln")).Replace('\\', '/');
        var projects = RepositoryTree.Files("src", "*.csproj").Concat(RepositoryTree.Files("tests", "*.csproj"));
        Assert.All(projects, project => Assert.Contains(RepositoryTree.Relative(project), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_room_has_its_tests()
    {
        var rooms = AllowedReferences.Select(row => row.Data.Item1).Where(room => room != "FhirFacade.Definitions");
        Assert.All(rooms, room => Assert.True(
            File.Exists(Path.Combine(RepositoryTree.Root, "tests", room + ".Tests", room + ".Tests.csproj")), room));
    }
}
