using System.Text;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Counts the cells of a column that were not what its use needs, and so were null.</summary>
internal sealed class UnreadCells
{
    private const int MostShown = 40;

    /// <param name="column">The column's name.</param>
    /// <param name="needed">What was needed, such as "a number".</param>
    public UnreadCells(string column, string needed)
    {
        Column = column;
        Needed = needed;
    }

    public string Column { get; }

    public string Needed { get; }

    public long Count { get; private set; }

    /// <summary>The first of them, cut where it is long; null for none.</summary>
    public string? First { get; private set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        Count++;
        First ??= Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostShown)]);
    }
}
