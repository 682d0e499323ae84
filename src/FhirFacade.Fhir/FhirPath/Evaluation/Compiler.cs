using FhirFacade.Fhir.FhirPath.Functions;
using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Syntax tree to nodes.</summary>
internal sealed class Compiler(FhirPathDialect dialect)
{
    private static readonly ThisNode @this = new();

    public Node Compile(Expression expression) => expression switch
    {
        Literal literal => new LiteralNode(literal.Value),
        EmptySet => new EmptyNode(),
        SpecialVariable { Name: "this" } => @this,
        SpecialVariable { Name: "index" } => new IndexNode(),
        SpecialVariable => new TotalNode(),
        ExternalConstant constant => new ConstantNode(constant.Name, constant.Position),
        Member { Source: null } member => member.Name.Length > 0 && char.IsAsciiLetterUpper(member.Name[0]) ? new RootNode(member.Name) : new ChildNode(@this, member.Name),
        Member member => new ChildNode(Compile(member.Source!), member.Name),
        Indexer indexer => new IndexerNode(Compile(indexer.Source), Compile(indexer.Index)),
        Polarity polarity => CompilePolarity(polarity),
        TypeOperation operation => TypeNode(operation.Operator, Compile(operation.Operand), operation.Type),
        Binary binary => CompileBinary(binary),
        Call call => CompileCall(call),
        _ => throw new InvalidOperationException($"No compilation of {expression.GetType().Name}."),
    };

    private Node CompilePolarity(Polarity polarity)
    {
        if (polarity is { IsNegative: true, Operand: Literal { Value: int number } })
        {
            return new LiteralNode(-number);
        }

        var operand = Compile(polarity.Operand);
        return polarity.IsNegative
            ? new OperatorNode(operand, new EmptyNode(), static (in Collection value, in Collection _) => Arithmetic.Negate(value))
            : new OperatorNode(operand, new EmptyNode(), static (in Collection value, in Collection _) => Arithmetic.Negate(Arithmetic.Negate(value)));
    }

    private Node CompileBinary(Binary binary)
    {
        var left = Isolated(binary.Left);
        var right = Isolated(binary.Right);
        return binary.Operator switch
        {
            "and" or "or" or "xor" or "implies" => new LogicNode(binary.Operator, left, right),
            "|" => dialect == FhirPathDialect.Search ? new BothNode(left, right) : new UnionNode(left, right),
            _ => new OperatorNode(left, right, Operator(binary)),
        };
    }

    private static OperatorBody Operator(Binary binary) => binary.Operator switch
    {
        "=" => static (in Collection l, in Collection r) => Collection.Of(Equality.AreEqual(l, r)),
        "!=" => static (in Collection l, in Collection r) => Collection.Of(!Equality.AreEqual(l, r)),
        "~" => static (in Collection l, in Collection r) => new Collection(Equality.AreEquivalent(l, r)),
        "!~" => static (in Collection l, in Collection r) => new Collection(!Equality.AreEquivalent(l, r)),
        "<" => static (in Collection l, in Collection r) => Collection.Of(Comparison.Compare(l, r) is { } order ? order < 0 : null),
        "<=" => static (in Collection l, in Collection r) => Collection.Of(Comparison.Compare(l, r) is { } order ? order <= 0 : null),
        ">" => static (in Collection l, in Collection r) => Collection.Of(Comparison.Compare(l, r) is { } order ? order > 0 : null),
        ">=" => static (in Collection l, in Collection r) => Collection.Of(Comparison.Compare(l, r) is { } order ? order >= 0 : null),
        "+" => Arithmetic.Add,
        "-" => Arithmetic.Subtract,
        "*" => Arithmetic.Multiply,
        "/" => Arithmetic.Divide,
        "div" => Arithmetic.Div,
        "mod" => Arithmetic.Mod,
        "&" => Arithmetic.Concatenate,
        "in" => static (in Collection l, in Collection r) => Membership(l, r),
        "contains" => static (in Collection l, in Collection r) => Membership(r, l),
        _ => throw new FhirPathSyntaxException("there is no such operator", binary.Position),
    };

    private static Collection Membership(in Collection item, in Collection items) => item.Count switch
    {
        0 => Collection.Empty,
        1 => new Collection(DistinctBuilder.Contains(items, item[0])),
        _ => throw Singletons.Several(),
    };

    private Node CompileCall(Call call)
    {
        if (call.Name is "is" or "as" or "ofType" && call.Arguments.Length == 1)
        {
            return TypeNode(call.Name, CompileSource(call.Source), SpecifierOf(call.Arguments[0]));
        }

        if (call is { Name: "elementDefinition", Arguments.IsEmpty: true })
        {
            return DefinitionNode.Of(call.Source, CompileSource);
        }

        if (call.Name == "sort")
        {
            var sort = FunctionTable.Find(call.Name)!;
            return new FunctionNode(CompileSource(call.Source), sort.Body, [.. call.Arguments.Select(CompileKey)]);
        }

        var function = FunctionTable.Find(call.Name)
            ?? throw new FhirPathSyntaxException("there is no such function", call.Position);
        if (call.Arguments.Length < function.Least || call.Arguments.Length > function.Most)
        {
            throw new FhirPathSyntaxException("the function takes another number of arguments", call.Position);
        }

        if (dialect == FhirPathDialect.Search && call.Name == "where" && ((Node?)TargetFilter(call) ?? CodeFilter(call)) is { } filter)
        {
            return filter;
        }

        var body = dialect == FhirPathDialect.Search && call.Name == "resolve" ? References.ResolveByType : function.Body;
        return new FunctionNode(CompileSource(call.Source), body, [.. call.Arguments.Select(Isolated)]);
    }

    private Node CompileSource(Expression? source) => source is null ? @this : Compile(source);

    private Node CompileKey(Expression key) =>
        key is Polarity { IsNegative: true } descending ? new DescendingNode(Compile(descending.Operand)) : Compile(key);

    private Node Isolated(Expression expression)
    {
        var node = Compile(expression);
        return DefinesVariable(expression) ? new IsolatedNode(node) : node;
    }

    private static bool DefinesVariable(Expression? expression) => expression switch
    {
        Call call => call.Name == "defineVariable" || DefinesVariable(call.Source),
        Member member => DefinesVariable(member.Source),
        Indexer indexer => DefinesVariable(indexer.Source),
        TypeOperation operation => DefinesVariable(operation.Operand),
        Polarity polarity => DefinesVariable(polarity.Operand),
        _ => false,
    };

    /// <summary><c>where(resolve() is T)</c>, the commonest filter of search parameters, needs no collection of targets.</summary>
    private ReferenceTargetNode? TargetFilter(Call where) =>
        where.Arguments[0] is TypeOperation { Operator: "is", Operand: Call { Source: null, Name: "resolve" } } test
            ? new ReferenceTargetNode(CompileSource(where.Source), new TypeTest(test.Type, loose: false))
            : null;

    private CodeFilterNode? CodeFilter(Call where) =>
        where.Arguments[0] is Binary { Operator: "=", Left: Member { Source: null } member, Right: Literal { Value: string code } } test
            ? new CodeFilterNode(CompileSource(where.Source), member.Name, code, Compile(test))
            : null;

    private Node TypeNode(string @operator, Node source, TypeSpecifier type)
    {
        var test = new TypeTest(type, loose: dialect != FhirPathDialect.Standard);
        return @operator == "is" ? new IsNode(source, test) : new OfTypeNode(source, test, single: @operator == "as" && dialect == FhirPathDialect.Standard);
    }

    private static TypeSpecifier SpecifierOf(Expression argument) => argument switch
    {
        Member { Source: null } name => new TypeSpecifier(null, name.Name, name.Position),
        Member { Source: Member { Source: null } space } name => new TypeSpecifier(space.Name, name.Name, space.Position),
        _ => throw new FhirPathSyntaxException("a type name is needed here", argument.Position),
    };
}

/// <summary><c>|</c> where duplicates do no harm.</summary>
internal sealed class BothNode(Node left, Node right) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        var one = left.Evaluate(scope);
        var other = right.Evaluate(scope);
        if (one.IsEmpty || other.IsEmpty)
        {
            return one.IsEmpty ? other : one;
        }

        var both = new CollectionBuilder();
        both.Add(one);
        both.Add(other);
        return both.ToCollection();
    }
}

/// <summary><c>where(resolve() is T)</c></summary>
internal sealed class ReferenceTargetNode(Node source, TypeTest type) : Node
{
    public override Collection Evaluate(Scope scope)
    {
        var input = source.Evaluate(scope);
        if (input.IsEmpty)
        {
            return input;
        }

        var kept = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            if (References.TargetType(input[i], scope.State) is { } target && type.Is(new Item(default, target)))
            {
                kept.Add(input[i]);
            }
        }

        return kept.ToCollection();
    }
}
