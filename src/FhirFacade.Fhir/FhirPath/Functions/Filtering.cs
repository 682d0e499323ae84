using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#filtering-and-projection, with aggregate, sort and tree navigation.</summary>
internal static class Filtering
{
    public static Collection Where(in Collection input, Node[] arguments, Scope scope)
    {
        if (input.IsEmpty)
        {
            return input;
        }

        scope.State.Step(input.Count);
        var nested = scope.Nested();
        var kept = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            nested.This = new Collection(input[i]);
            nested.Index = i;
            if (Singletons.Boolean(arguments[0].Evaluate(nested)) == true)
            {
                kept.Add(input[i]);
            }
        }

        return kept.ToCollection();
    }

    public static Collection Select(in Collection input, Node[] arguments, Scope scope)
    {
        var nested = scope.Nested();
        var selected = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            nested.This = new Collection(input[i]);
            nested.Index = i;
            var found = arguments[0].Evaluate(nested);
            scope.State.Step(1 + found.Count);
            selected.Add(found);
        }

        return selected.ToCollection();
    }

    public static Collection Repeat(in Collection input, Node[] arguments, Scope scope)
    {
        var seen = new DistinctBuilder(scope.State);
        var nested = scope.Nested();
        var queue = new Queue<Item>();
        Enqueue(input, queue);
        while (queue.TryDequeue(out var item))
        {
            scope.State.Step();
            nested.This = new Collection(item);
            var next = arguments[0].Evaluate(nested);
            for (var i = 0; i < next.Count; i++)
            {
                if (seen.Add(next[i]))
                {
                    queue.Enqueue(next[i]);
                }
            }
        }

        return seen.ToCollection();
    }

    public static Collection RepeatAll(in Collection input, Node[] arguments, Scope scope)
    {
        var found = new CollectionBuilder();
        var nested = scope.Nested();
        var queue = new Queue<Item>();
        Enqueue(input, queue);
        while (queue.TryDequeue(out var item))
        {
            nested.This = new Collection(item);
            var next = arguments[0].Evaluate(nested);
            scope.State.Step(1 + next.Count);
            found.Add(next);
            Enqueue(next, queue);
        }

        return found.ToCollection();
    }

    /// <summary>By each argument in turn; one that starts with a minus sorts downwards. Items without a key come first either way.</summary>
    public static Collection Sort(in Collection input, Node[] arguments, Scope scope)
    {
        var items = new (Item Item, Item?[] Keys)[input.Count];
        var nested = scope.Nested();
        for (var i = 0; i < input.Count; i++)
        {
            nested.This = new Collection(input[i]);
            nested.Index = i;
            items[i] = (input[i], [.. arguments.Select(key => Key((key as DescendingNode)?.Inner ?? key, nested))]);
            if (arguments.Length == 0)
            {
                items[i].Keys = [input[i]];
            }
        }

        try
        {
            items = [.. items.Order(Comparer<(Item Item, Item?[] Keys)>.Create((a, b) => CompareKeys(a.Keys, b.Keys, arguments)))];
        }
        catch (InvalidOperationException sorting) when (sorting.InnerException is FhirPathEvaluationException error)
        {
            // The platform wraps what a comparison throws.
            throw new FhirPathEvaluationException(error.Message);
        }

        var sorted = new CollectionBuilder();
        foreach (var (item, _) in items)
        {
            sorted.Add(item);
        }

        return sorted.ToCollection();
    }

    public static Collection Aggregate(in Collection input, Node[] arguments, Scope scope)
    {
        var nested = scope.Nested();
        nested.Total = arguments.Length > 1 ? arguments[1].Evaluate(scope) : Collection.Empty;
        for (var i = 0; i < input.Count; i++)
        {
            nested.This = new Collection(input[i]);
            nested.Index = i;
            nested.Total = arguments[0].Evaluate(nested);
            scope.State.Step(1 + nested.Total.Count);
        }

        return nested.Total;
    }

    public static Collection Children(in Collection input, Node[] arguments, Scope scope)
    {
        var found = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            Evaluation.Children.AddAll(input[i], scope.State, ref found);
        }

        scope.State.Step(found.Count);
        return found.ToCollection();
    }

    public static Collection Descendants(in Collection input, Node[] arguments, Scope scope)
    {
        var found = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            AddDescendants(input[i], scope.State, ref found);
        }

        return found.ToCollection();
    }

    private static void AddDescendants(in Item item, EvaluationState state, ref CollectionBuilder found)
    {
        var children = new CollectionBuilder();
        Evaluation.Children.AddAll(item, state, ref children);
        var all = children.ToCollection();
        state.Step(all.Count);
        for (var i = 0; i < all.Count; i++)
        {
            found.Add(all[i]);
            AddDescendants(all[i], state, ref found);
        }
    }

    private static void Enqueue(in Collection items, Queue<Item> queue)
    {
        for (var i = 0; i < items.Count; i++)
        {
            queue.Enqueue(items[i]);
        }
    }

    private static Item? Key(Node key, Scope scope)
    {
        var value = key.Evaluate(scope);
        return value.Count > 1 ? throw Singletons.Several() : value.IsEmpty ? null : value[0];
    }

    private static int CompareKeys(Item?[] one, Item?[] other, Node[] arguments)
    {
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] is null != other[i] is null)
            {
                return one[i] is null ? -1 : 1;
            }

            var order = one[i] is { } a && other[i] is { } b ? Comparison.Compare(a, b) ?? 0 : 0;
            if (order != 0)
            {
                return i < arguments.Length && arguments[i] is DescendingNode ? -order : order;
            }
        }

        return 0;
    }
}

/// <summary>A sort key written with a minus.</summary>
internal sealed class DescendingNode(Node inner) : Node
{
    public Node Inner { get; } = inner;

    public override Collection Evaluate(Scope scope) => Inner.Evaluate(scope);
}
