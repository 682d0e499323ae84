namespace FhirFacade.Fhir.FhirPath.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    DelimitedIdentifier,
    String,
    Number,
    LongNumber,
    DateTime,
    ExternalConstant,
    Special,
    Symbol,
}

/// <summary>One lexical unit. <c>Text</c> is decoded: without quotes, delimiters, <c>@</c>, <c>%</c> or <c>$</c>.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Identifier && Text == word;
}
