namespace DisruptorStream.Expressions.Syntax;

/// <summary>How operators are written, and how tightly they bind.</summary>
internal static class Operators
{
    public const int Comparison = 1;

    public const int Joining = 2;

    public const int Adding = 3;

    public const int Multiplying = 4;

    private static readonly (string Symbol, BinaryOperator Operator, int Level)[] All =
    [
        ("+", BinaryOperator.Add, Adding),
        ("-", BinaryOperator.Subtract, Adding),
        ("*", BinaryOperator.Multiply, Multiplying),
        ("/", BinaryOperator.Divide, Multiplying),
        ("%", BinaryOperator.Remainder, Multiplying),
        ("||", BinaryOperator.Join, Joining),
        ("=", BinaryOperator.Equal, Comparison),
        ("<>", BinaryOperator.NotEqual, Comparison),
        ("!=", BinaryOperator.NotEqual, Comparison),
        ("<", BinaryOperator.Less, Comparison),
        ("<=", BinaryOperator.LessOrEqual, Comparison),
        (">", BinaryOperator.Greater, Comparison),
        (">=", BinaryOperator.GreaterOrEqual, Comparison),
    ];

    public static bool TryGet(in Token token, out BinaryOperator found, out int level)
    {
        if (token.Kind == TokenKind.Symbol)
        {
            foreach (var (symbol, one, its) in All)
            {
                if (!token.IsSymbol(symbol))
                    continue;
                (found, level) = (one, its);
                return true;
            }
        }

        (found, level) = (default, 0);
        return false;
    }

    public static string SymbolOf(BinaryOperator wanted) => Array.Find(All, one => one.Operator == wanted).Symbol;

    public static int LevelOf(BinaryOperator wanted) => Array.Find(All, one => one.Operator == wanted).Level;
}
