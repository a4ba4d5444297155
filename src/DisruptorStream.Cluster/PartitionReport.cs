using System.Globalization;
using DisruptorStream.Cluster.Handling;

namespace DisruptorStream.Cluster;

/// <summary>What the log of results of a partition holds, all of it as the query gives it.</summary>
public sealed record PartitionReport
{
    /// <summary>How many records.</summary>
    public required long Records { get; init; }

    /// <summary>How many results; they are numbered from 1 to this.</summary>
    public required long Results { get; init; }

    /// <summary>How many owners there were, one after the other.</summary>
    public required long Epochs { get; init; }

    /// <summary>The position of the last record; 0 for none.</summary>
    public required long Position { get; init; }

    /// <summary>How many events of the input they are made of.</summary>
    public required long Events { get; init; }

    /// <summary>How many of them entered no window, for whatever reason.</summary>
    public required long EventsDropped { get; init; }

    /// <summary>Up to which time windows have fired; null for none.</summary>
    public long? WatermarkTicks { get; init; }

    /// <summary>All of it in one line, for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Results:N0} results of {Events:N0} events ({EventsDropped:N0} dropped) in {Records:N0} records, by "
        + $"{Epochs:N0} owners, up to position {Position}, watermark {WatermarkText.Of(WatermarkTicks)}");
}
