using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Functions;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary><c>where(type = 'code')</c>, as search parameters choose among many: the code is compared where it lies, no collection is made.</summary>
/// <param name="source">What is filtered.</param>
/// <param name="member">The name left of the sign.</param>
/// <param name="code">The text right of it.</param>
/// <param name="criterion">The whole criterion, for items whose member is no single text.</param>
internal sealed class CodeFilterNode(Node source, string member, string code, Node criterion) : Node
{
    private readonly byte[] name = Encoding.UTF8.GetBytes(member);

    public override Collection Evaluate(Scope scope)
    {
        if (source is ChildNode child && child.TryList(scope, out var list, out var type) && IsText(type!))
        {
            return Among(list, type!, scope);
        }

        var input = source.Evaluate(scope);
        scope.State.Step(input.Count);
        var kept = new CollectionBuilder();
        ModelType? known = null;
        for (var i = 0; i < input.Count; i++)
        {
            var item = input[i];
            if (item.Type is null || item.Json.ValueKind != JsonValueKind.Object || (item.Type != known && !IsText(item.Type)))
            {
                return Filtering.Where(input, [criterion], scope);
            }

            known = item.Type;
            if (IsChosen(item.Json))
            {
                kept.Add(item);
            }
        }

        return kept.ToCollection();
    }

    private Collection Among(JsonElement list, ModelType type, Scope scope)
    {
        scope.State.Step(list.GetArrayLength());
        var kept = new CollectionBuilder();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && IsChosen(item))
            {
                kept.Add(new Item(item, type));
            }
        }

        return kept.ToCollection();
    }

    private bool IsChosen(JsonElement item) => item.TryGetProperty(name, out var value) && value.IsText(code);

    private bool IsText(ModelType type) => type.Property(member) is { Type: { IsPrimitive: true, Kind: SystemKind.String } };
}
