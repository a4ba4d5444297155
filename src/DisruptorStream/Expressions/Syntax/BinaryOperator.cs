namespace DisruptorStream.Expressions.Syntax;

/// <summary>An operator between two operands.</summary>
internal enum BinaryOperator : byte
{
    Add = 0,
    Subtract,
    Multiply,
    Divide,
    Remainder,

    /// <summary>Joins two texts.</summary>
    Join,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
