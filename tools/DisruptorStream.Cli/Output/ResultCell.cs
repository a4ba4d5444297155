using DisruptorStream.Cli.Aggregates;

namespace DisruptorStream.Cli.Output;

/// <summary>A cell of a result: which column of the engine it shows.</summary>
/// <param name="Column">The column.</param>
/// <param name="DigitsAt">The column that has its digits; -1 where a double has them all.</param>
/// <param name="IsShown">Whether it is a cell of the input, shown as it is.</param>
internal readonly record struct ResultCell(int Column, int DigitsAt, bool IsShown)
{
    public static ResultCell[] AllOf(AggregateList aggregates)
    {
        var cells = new List<ResultCell>();
        var digits = aggregates.Names.Count;
        foreach (var column in aggregates.Columns)
        {
            var digitsAt = column.AddDigitsTo is null ? -1 : digits++;
            foreach (var _ in column.Names)
                cells.Add(new ResultCell(cells.Count, digitsAt, column.IsShown));
        }

        return [.. cells];
    }
}
