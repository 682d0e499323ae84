using System.Collections.Immutable;

namespace FhirFacade.Fhir.FhirPath.Syntax;

/// <summary>The syntax tree. A closed set: the records of this file.</summary>
internal abstract record Expression(int Position)
{
    /// <summary>The length of the longest way down; bounds recursion over the tree.</summary>
    public int Depth { get; protected init; } = 1;

    protected static int Deeper(Expression? one, Expression? other = null) => 1 + Math.Max(one?.Depth ?? 0, other?.Depth ?? 0);
}

/// <summary>A value written out; its <c>Value</c> is a FHIRPath system value.</summary>
internal sealed record Literal(object Value, int Position) : Expression(Position);

/// <summary><c>{}</c></summary>
internal sealed record EmptySet(int Position) : Expression(Position);

/// <summary><c>$this</c>, <c>$index</c> or <c>$total</c>.</summary>
internal sealed record SpecialVariable(string Name, int Position) : Expression(Position);

/// <summary><c>%name</c></summary>
internal sealed record ExternalConstant(string Name, int Position) : Expression(Position);

/// <summary>An element name; without a source it is read from <c>$this</c>, or names the type of the root.</summary>
internal sealed record Member : Expression
{
    public Member(Expression? source, string name, int position)
        : base(position) => (Source, Name, Depth) = (source, name, Deeper(source));

    public Expression? Source { get; }

    public string Name { get; }
}

/// <summary>A function call; without a source it works on <c>$this</c>.</summary>
internal sealed record Call : Expression
{
    public Call(Expression? source, string name, ImmutableArray<Expression> arguments, int position)
        : base(position)
    {
        (Source, Name, Arguments) = (source, name, arguments);
        Depth = Deeper(source);
        foreach (var argument in arguments)
        {
            Depth = Math.Max(Depth, argument.Depth + 1);
        }
    }

    public Expression? Source { get; }

    public string Name { get; }

    public ImmutableArray<Expression> Arguments { get; }
}

/// <summary><c>source[index]</c></summary>
internal sealed record Indexer : Expression
{
    public Indexer(Expression source, Expression index, int position)
        : base(position) => (Source, Index, Depth) = (source, index, Deeper(source, index));

    public Expression Source { get; }

    public Expression Index { get; }
}

/// <summary><c>+</c> or <c>-</c> before an operand.</summary>
internal sealed record Polarity : Expression
{
    public Polarity(bool negative, Expression operand, int position)
        : base(position) => (IsNegative, Operand, Depth) = (negative, operand, Deeper(operand));

    public bool IsNegative { get; }

    public Expression Operand { get; }
}

/// <summary>An operator between two operands; the operator is its symbol or word.</summary>
internal sealed record Binary : Expression
{
    public Binary(string @operator, Expression left, Expression right, int position)
        : base(position) => (Operator, Left, Right, Depth) = (@operator, left, right, Deeper(left, right));

    public string Operator { get; }

    public Expression Left { get; }

    public Expression Right { get; }
}

/// <summary><c>is</c> or <c>as</c> with a type name.</summary>
internal sealed record TypeOperation : Expression
{
    public TypeOperation(string @operator, Expression operand, TypeSpecifier type, int position)
        : base(position) => (Operator, Operand, Type, Depth) = (@operator, operand, type, Deeper(operand));

    public string Operator { get; }

    public Expression Operand { get; }

    public TypeSpecifier Type { get; }
}

/// <summary>A type name, such as <c>Patient</c>, <c>FHIR.boolean</c>, <c>System.Boolean</c>.</summary>
internal sealed record TypeSpecifier(string? Namespace, string Name, int Position);
