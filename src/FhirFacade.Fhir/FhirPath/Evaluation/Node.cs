using System.Text.Json;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>One compiled step. Nodes hold no state of an evaluation, so any number of threads may share them.</summary>
internal abstract class Node
{
    public abstract Collection Evaluate(Scope scope);
}

internal sealed class LiteralNode(object value) : Node
{
    private readonly Collection value = new(new Item(value));

    public override Collection Evaluate(Scope scope) => value;
}

internal sealed class EmptyNode : Node
{
    public override Collection Evaluate(Scope scope) => Collection.Empty;
}

internal sealed class ThisNode : Node
{
    public override Collection Evaluate(Scope scope) => scope.This;
}

internal sealed class IndexNode : Node
{
    public override Collection Evaluate(Scope scope) => scope.Index < 0 ? Collection.Empty : Collection.Of(scope.Index);
}

internal sealed class TotalNode : Node
{
    public override Collection Evaluate(Scope scope) => scope.Total;
}

/// <summary>An element of each item.</summary>
internal sealed class ChildNode(Node source, string name) : Node
{
    // The last type met and its element: one reference, so that a race can only lose it.
    private Hit? last;

    public override Collection Evaluate(Scope scope)
    {
        var input = source.Evaluate(scope);
        if (input.IsEmpty)
        {
            return input;
        }

        var found = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            ref readonly var item = ref input[i];
            if (item.Type is { } type)
            {
                if (ElementOf(type) is { } element)
                {
                    Children.Add(item, element, scope.State, ref found);
                }
            }
            else if (!item.IsComputed)
            {
                Children.AddUntyped(item, name, ref found);
            }
            else if (Children.OfComputed(item.Computed!, name) is { } member)
            {
                found.Add(new Item(member));
            }
        }

        return found.ToCollection();
    }

    /// <summary>
    /// The JSON list that the element is, where it is one of complex items right below the root of the path: its items need not be gathered
    /// before they are looked at. False says nothing about the element.
    /// </summary>
    public bool TryList(Scope scope, out JsonElement list, out ModelType? type)
    {
        (list, type) = (default, null);
        if (source is not RootNode || source.Evaluate(scope) is not { Count: 1 } root || root[0] is not { Type.IsPrimitive: false, Json.ValueKind: JsonValueKind.Object } item
            || ElementOf(item.Type!) is not { IsChoice: false, Variants: [{ Type: { IsPrimitive: false, IsOpen: false } } variant] })
        {
            return false;
        }

        type = variant.Type;
        return item.Json.TryGetProperty(variant.Name, out list) && list.ValueKind == JsonValueKind.Array;
    }

    private ModelElement? ElementOf(ModelType type)
    {
        var hit = last;
        if (hit is null || !ReferenceEquals(hit.Type, type))
        {
            last = hit = new Hit(type, type.Element(name));
        }

        return hit.Element;
    }

    private sealed record Hit(ModelType Type, ModelElement? Element);
}

/// <summary>A name at the start of a path: the root itself where it is of that type, else an element.</summary>
internal sealed class RootNode(string typeName) : Node
{
    private readonly ChildNode child = new(new ThisNode(), typeName);

    public override Collection Evaluate(Scope scope)
    {
        var input = scope.This;
        return input.Count == 1 && input[0].Type is { } type && type.IsA(typeName) ? input : child.Evaluate(scope);
    }
}

internal sealed class IndexerNode(Node source, Node index) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        var input = source.Evaluate(scope);
        return Singletons.Integer(index.Evaluate(scope)) is { } position && position >= 0 && position < input.Count
            ? new Collection(input[position])
            : Collection.Empty;
    }
}

/// <summary>Gives an operand variables of its own, so that what one side defines the other does not see.</summary>
internal sealed class IsolatedNode(Node inner) : Node
{
    public override Collection Evaluate(Scope scope) => inner.Evaluate(scope.Nested());
}

/// <summary>A function and its arguments, not yet evaluated.</summary>
internal delegate Collection FunctionBody(in Collection input, Node[] arguments, Scope scope);

internal sealed class FunctionNode(Node source, FunctionBody body, Node[] arguments) : Node
{
    public override Collection Evaluate(Scope scope) => body(source.Evaluate(scope), arguments, scope);
}

/// <summary>An operator that takes both sides whole.</summary>
internal delegate Collection OperatorBody(in Collection left, in Collection right);

internal sealed class OperatorNode(Node left, Node right, OperatorBody body) : Node
{
    public override Collection Evaluate(Scope scope) => body(left.Evaluate(scope), right.Evaluate(scope));
}
