using DisruptorStream.Cli.Input;

namespace DisruptorStream.Cli.Output;

/// <summary>The columns of a dropped event: the key's, the time, the measures, the reason; each name once.</summary>
internal sealed class DroppedColumns
{
    public const string Reason = "reason";

    public DroppedColumns(EventLayout layout)
    {
        var time = layout.Fields[EventLayout.TimeField];
        var keys = layout.Fields.Skip(EventLayout.FirstKeyField).Take(layout.KeyCount);

        // What is read twice, as the time or a part of the key and to be aggregated, is shown once.
        var shown = layout.KeyNames.Intersect(keys, StringComparer.Ordinal).Append(time)
            .ToHashSet(StringComparer.Ordinal);
        Measures =
        [
            .. Enumerable.Range(0, layout.Measures.Count).Where(
                measure => !shown.Contains(layout.Measures[measure].Name)),
        ];
        Names = [.. layout.KeyNames, time, .. Measures.Select(measure => layout.Measures[measure].Name), Reason];
    }

    /// <summary>The places of the measures that are shown.</summary>
    public IReadOnlyList<int> Measures { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>A name that two columns would have; null where all differ.</summary>
    public string? Clash => Names.GroupBy(name => name, StringComparer.Ordinal)
        .FirstOrDefault(group => group.Skip(1).Any())?.Key;
}
