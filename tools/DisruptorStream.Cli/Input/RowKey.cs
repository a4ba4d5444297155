namespace DisruptorStream.Cli.Input;

/// <summary>A key of the rows, which one query or several group by.</summary>
/// <param name="Columns">Its columns; "@file" alone for the name of the input.</param>
/// <param name="Fields">Where they are; none for the name of the input, and where all rows are one group.</param>
/// <param name="Users">A bit for each query that groups by it.</param>
internal sealed record RowKey(IReadOnlyList<string> Columns, int[] Fields, ulong Users)
{
    public bool IsFileName => Columns is ["@file"];
}
