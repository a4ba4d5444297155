namespace DisruptorStream.Expressions.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End = 0,

    /// <summary>A name or a keyword.</summary>
    Word,

    /// <summary>A name in double quotes, never a keyword.</summary>
    QuotedName,

    /// <summary>A number without fraction and exponent.</summary>
    Integer,

    /// <summary>Any other number.</summary>
    Number,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>An operator, a comma or a parenthesis.</summary>
    Symbol,
}
