using DisruptorStream.Cli.Input;

namespace DisruptorStream.Cli.Output;

/// <summary>The columns of a dropped event: the key's, the time, the measures, the reason; each name once.</summary>
internal sealed class DroppedColumns
{
    public const string Reason = "reason";

    public DroppedColumns(EventLayout layout, int query)
    {
        var time = layout.Fields[EventLayout.TimeField];
        var (keys, names) = (layout.Queries[query].KeyColumns, layout.Queries[query].KeyNames);

        // What is read twice, as the time or a part of the key and to be aggregated, is shown once.
        var shown = names.Intersect(keys, StringComparer.Ordinal).Append(time)
            .ToHashSet(StringComparer.Ordinal);
        Cells = [.. layout.CellsOf(query).Where(cell => !shown.Contains(cell.Name))];
        Names = [.. names, time, .. Cells.Select(cell => cell.Name), Reason];
    }

    /// <summary>The measured columns that are shown.</summary>
    public IReadOnlyList<MeasuredCell> Cells { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>A name that two columns would have; null where all differ.</summary>
    public string? Clash => Names.GroupBy(name => name, StringComparer.Ordinal)
        .FirstOrDefault(group => group.Skip(1).Any())?.Key;
}
