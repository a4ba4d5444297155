namespace DisruptorStream.Expressions.Syntax;

/// <summary>A word, number, text or symbol, and where it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says, without its quotes.</param>
/// <param name="Span">Where it is in the text, with its quotes.</param>
internal readonly record struct Token(TokenKind Kind, string Text, TextSpan Span)
{
    public bool IsSymbol(string symbol) =>
        Kind == TokenKind.Symbol && string.Equals(Text, symbol, StringComparison.Ordinal);

    public bool IsWord(string word) =>
        Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}
