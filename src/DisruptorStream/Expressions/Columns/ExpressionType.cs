namespace DisruptorStream.Expressions.Columns;

/// <summary>What the values of a column or an expression are; each may be null besides.</summary>
internal enum ExpressionType : byte
{
    /// <summary>Nothing but null.</summary>
    Null = 0,

    /// <summary>Cells of an input that says nothing of types: each use reads them as what it needs.</summary>
    Untyped,

    /// <summary>Integers of 64 bits.</summary>
    Integer,

    /// <summary>Finite doubles. What is not finite is null.</summary>
    Double,

    /// <summary>Texts in UTF-8, compared by their code points.</summary>
    Text,

    Boolean,
}
