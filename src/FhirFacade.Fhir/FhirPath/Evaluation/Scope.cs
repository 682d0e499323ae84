using System.Runtime.InteropServices;
using System.Text.Json;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>What all parts of one evaluation share. Used by one thread at a time.</summary>
internal sealed class EvaluationState
{
    private const int MaximumSteps = 1_000_000;
    private static readonly TimeSpan patternLimit = TimeSpan.FromSeconds(1);
    private readonly FhirPathContext context;
    private DateTimeOffset? now;
    private bool? hasShadows;
    private int steps;
    private TimeSpan inPatterns;

    public EvaluationState(in Item root, FhirPathContext context)
    {
        this.context = context;
        Root = root;
        Focus = root;
    }

    /// <summary>The resource at the root: <c>%resource</c>.</summary>
    public Item Root { get; }

    /// <summary>The resource that holds the contained ones: <c>%rootResource</c>.</summary>
    public Item Container => context.RootResource is { } container ? new Item(container, ModelType.OfResource(container)) : Root;

    /// <summary>What the expression was asked of: <c>%context</c>.</summary>
    public Item Focus { get; set; }

    public FhirPathContext Context => context;

    /// <summary>One moment for the whole evaluation.</summary>
    public DateTimeOffset Now => now ??= context.Now ?? DateTimeOffset.Now;

    /// <summary>Whether any property starts with <c>_</c>, so that looking for them is worth while.</summary>
    public bool HasShadows =>
        hasShadows ??= Root.Json.ValueKind != JsonValueKind.Object
            || JsonMarshal.GetRawUtf8Value(Root.Json).IndexOf("\"_"u8) >= 0;

    /// <summary>Must be called before JSON of another document comes in.</summary>
    public void MeetForeignJson() => hasShadows = true;

    /// <summary>Counts the time spent on regular expressions.</summary>
    public void SpendOnPattern(TimeSpan time)
    {
        inPatterns += time;
        if (inPatterns > patternLimit)
        {
            throw new FhirPathEvaluationException("The regular expressions take too long.");
        }
    }

    /// <summary>Counts work that an expression can repeat at will.</summary>
    public void Step(int count = 1)
    {
        steps += count;
        if (steps is > MaximumSteps or < 0)
        {
            throw new FhirPathEvaluationException("The expression takes too many steps.");
        }
    }
}

/// <summary>What <c>$this</c>, <c>$index</c>, <c>$total</c> and defined variables mean at one place of the expression.</summary>
internal sealed class Scope
{
    private readonly Scope? parent;
    private Dictionary<string, Collection>? variables;
    private Scope? lent;

    public Scope(EvaluationState state) => State = state;

    private Scope(Scope parent) => (this.parent, State, This, Index, Total) = (parent, parent.State, parent.This, parent.Index, parent.Total);

    public EvaluationState State { get; }

    public Collection This { get; set; }

    public int Index { get; set; } = -1;

    public Collection Total { get; set; }

    public Scope Nested() => new(this);

    /// <summary>
    /// As <see cref="Nested"/>, but the same object each time: only for a caller who is done with it before anyone asks for the
    /// next.
    /// </summary>
    public Scope Lend()
    {
        lent ??= new Scope(this);
        (lent.This, lent.Index, lent.Total, lent.variables) = (This, Index, Total, null);
        return lent;
    }

    public void Define(string name, in Collection value)
    {
        variables ??= new Dictionary<string, Collection>(StringComparer.Ordinal);
        if (!variables.TryAdd(name, value))
        {
            throw new FhirPathEvaluationException("A variable is defined twice.");
        }
    }

    public bool TryVariable(string name, out Collection value)
    {
        for (var scope = this; scope is not null; scope = scope.parent)
        {
            if (scope.variables is not null && scope.variables.TryGetValue(name, out value))
            {
                return true;
            }
        }

        value = default;
        return false;
    }
}
