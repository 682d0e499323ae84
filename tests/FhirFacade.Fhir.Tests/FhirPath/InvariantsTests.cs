using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using Xunit;

namespace FhirFacade.Fhir.Tests.FhirPath;

/// <summary>R4's own invariants, as a trial of the engine: they compile, and the official examples keep them.</summary>
public sealed class InvariantsTests(ITestOutputHelper output)
{
    private static readonly FhirPathExpression inside = FhirPathExpression.Compile("descendants()");
    private readonly Dictionary<string, FhirPathExpression> compiled = [];
    private readonly SortedSet<string> broken = new(StringComparer.Ordinal);
    private int checks;

    [Fact]
    public void Every_invariant_compiles_for_its_type_but_for_one_about_an_element_that_R4_does_not_have()
    {
        var refused = from type in R4.Definitions.Types
                      from constraint in type.Constraints
                      where !Compiles(constraint.Expression, type.Name)
                      select $"{type.Name} {constraint.Key}";
        Assert.Equal(["ChargeItemDefinition cid-0"], refused);
    }

    [Fact]
    public void The_official_examples_keep_the_invariants()
    {
        foreach (var path in Directory.EnumerateFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            Check(document.RootElement, null, Path.GetFileName(path));
        }

        output.WriteLine($"{checks} checks");
        Assert.True(checks > 50_000);
        Assert.Empty(broken);
    }

    private void Check(JsonElement resource, JsonElement? container, string file)
    {
        var self = FhirPathValue.OfResource(resource);
        var inner = Resources(resource).ToList();
        foreach (var (json, isContained) in inner)
        {
            Check(json, isContained ? container ?? resource : null, file);
        }

        var context = new FhirPathContext { RootResource = container };
        foreach (var value in inner.Count == 0 ? inside.Evaluate(resource).Prepend(self) : [self])
        {
            foreach (var constraint in R4.Definitions.Type(value.TypeName)?.Constraints ?? [])
            {
                if (!constraint.IsWarning && !Holds(constraint, resource, value, context))
                {
                    broken.Add($"{constraint.Key} of {value.TypeName} in {file}: {constraint.Expression}");
                }
            }
        }
    }

    private bool Holds(Constraint constraint, JsonElement resource, FhirPathValue value, FhirPathContext context)
    {
        if (!compiled.TryGetValue(constraint.Expression, out var expression))
        {
            compiled[constraint.Expression] = expression = FhirPathExpression.Compile(constraint.Expression, FhirPathDialect.Definitions);
        }

        checks++;
        return expression.Test(resource, value, context) != false;
    }

    /// <summary>Contained resources, and those of a Bundle's entries.</summary>
    private static IEnumerable<(JsonElement Resource, bool IsContained)> Resources(JsonElement resource)
    {
        if (resource.TryGetProperty("contained", out var contained))
        {
            foreach (var one in contained.EnumerateArray())
            {
                yield return (one, true);
            }
        }

        if (resource.TryGetProperty("entry", out var entries))
        {
            foreach (var entry in entries.EnumerateArray())
            {
                if (entry.TryGetProperty("resource", out var one))
                {
                    yield return (one, false);
                }
            }
        }
    }

    private static bool Compiles(string expression, string type)
    {
        try
        {
            _ = FhirPathExpression.Compile(expression, type, FhirPathDialect.Definitions);
            return true;
        }
        catch (FhirPathSyntaxException)
        {
            return false;
        }
    }
}
