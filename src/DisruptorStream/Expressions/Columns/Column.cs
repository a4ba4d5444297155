using System.Numerics;

namespace DisruptorStream.Expressions.Columns;

/// <summary>The values of an expression, or of what it reads, for some rows.</summary>
/// <remarks>
/// Room is for whole words of 64 rows, so that loops may go in steps; what is behind the last row means nothing. Nor
/// does the value of a row that is null, but it is always one that can be read.
/// </remarks>
internal abstract class Column
{
    public const int WordRows = 64;

    protected Column(ExpressionType type, int capacity)
    {
        Type = type;
        Words = WordsFor(capacity);
        Nulls = new ulong[Words];
    }

    public ExpressionType Type { get; }

    /// <summary>How many words of 64 rows there is room for.</summary>
    public int Words { get; }

    /// <summary>A bit for each row that is null.</summary>
    public ulong[] Nulls { get; }

    /// <summary>Whether its values are the same in all rows and batches, and there already.</summary>
    public bool IsConstant { get; set; }

    /// <summary>Whether a row may be null. False where none ever is, as far as that is known.</summary>
    public bool CanBeNull { get; set; } = true;

    public bool IsNull(int row) => (Nulls[row / WordRows] >> (row % WordRows) & 1) != 0;

    /// <summary>Copies the rows of a word that a mask names from a column of the same type.</summary>
    public void CopyFrom(Column source, int word, ulong rows)
    {
        Nulls[word] = (Nulls[word] & ~rows) | (source.Nulls[word] & rows);
        CopyValues(source, word, rows);
    }

    public void SetNull(int row, bool isNull)
    {
        var bit = 1UL << (row % WordRows);
        ref var word = ref Nulls[row / WordRows];
        word = isNull ? word | bit : word & ~bit;
    }

    public static int WordsFor(int rows) => (rows + WordRows - 1) / WordRows;

    /// <summary>The rows of a word that are among the first ones of a number.</summary>
    public static ulong RowsOf(int word, int count) =>
        count - (word * WordRows) is var left && left >= WordRows ? ulong.MaxValue : (1UL << left) - 1;

    protected abstract void CopyValues(Column source, int word, ulong rows);

    protected static void CopyRows<T>(T[] source, T[] into, int word, ulong rows)
    {
        var first = word * WordRows;
        if (rows == ulong.MaxValue)
        {
            source.AsSpan(first, WordRows).CopyTo(into.AsSpan(first));
            return;
        }

        for (; rows != 0; rows &= rows - 1)
        {
            var row = first + BitOperations.TrailingZeroCount(rows);
            into[row] = source[row];
        }
    }
}
