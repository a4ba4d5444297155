using System.Globalization;
using System.Text;
using DisruptorStream.Cluster.Handling;

namespace DisruptorStream.Cluster;

/// <summary>How an owner of a partition is doing.</summary>
public sealed record PartitionStatus
{
    /// <summary>The name of the query.</summary>
    public required string Query { get; init; }

    /// <summary>From 0 on.</summary>
    public required int Partition { get; init; }

    /// <summary>What it is doing.</summary>
    public required PartitionState State { get; init; }

    /// <summary>
    /// The epoch of the newest record of the log of results that it knows; while it owns, its own. 0 for none.
    /// </summary>
    public long Epoch { get; init; }

    /// <summary>The position of the newest record of the log of results that it knows; 0 for none.</summary>
    public long Position { get; init; }

    /// <summary>How many results are in the log, and before them.</summary>
    public long Results { get; init; }

    /// <summary>The inputs, and how far each was handled.</summary>
    public IReadOnlyList<InputStatus> Inputs { get; init; } = [];

    /// <summary>How far the inputs are behind, all together.</summary>
    public long Lag
    {
        get
        {
            var lag = 0L;
            foreach (var input in Inputs)
                lag += input.Lag;
            return lag;
        }
    }

    /// <summary>Up to which time windows have fired, in ticks since 1970; null for none yet.</summary>
    public long? WatermarkTicks { get; init; }

    /// <summary>The position of the newest checkpoint that it knows; null for none.</summary>
    public long? CheckpointPosition { get; init; }

    /// <summary>When that was written; null for none.</summary>
    public DateTimeOffset? CheckpointAt { get; init; }

    /// <summary>How many events it has handled, also again.</summary>
    public long EventsHandled { get; init; }

    /// <summary>How many records or events it has left out, as bad ones.</summary>
    public long BadRecords { get; init; }

    /// <summary>
    /// What the query says of itself: windows, keys, bytes, and the events that were dropped, by their reasons. Counts
    /// that are part of its state, such as those, go on from owner to owner; others are of this process, since the
    /// state was loaded. Null while nothing is restored yet.
    /// </summary>
    public ProcessorStats? Stats { get; init; }

    /// <summary>
    /// How many events of the partition, by all its owners, entered no window: that came too late, or behind the end of
    /// the input, or for another reason that <see cref="Stats"/> has.
    /// </summary>
    public long EventsDropped => Stats?.EventsDropped ?? 0;

    /// <summary>What goes wrong now, or why it has ended; null for nothing.</summary>
    public Exception? Failure { get; init; }

    /// <summary>All of it in one line, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Query}/{Partition}: {State}, epoch {Epoch}, position {Position}, {Results:N0} results, ")
            .Append(
                CultureInfo.InvariantCulture,
                $"{Lag:N0} behind, {EventsHandled:N0} events handled, watermark {WatermarkText.Of(WatermarkTicks)}");
        if (EventsDropped > 0)
            text.Append(CultureInfo.InvariantCulture, $", {EventsDropped:N0} events dropped");
        if (BadRecords > 0)
            text.Append(CultureInfo.InvariantCulture, $", {BadRecords:N0} bad records");
        if (CheckpointPosition is { } checkpoint)
            text.Append(CultureInfo.InvariantCulture, $", checkpoint at position {checkpoint}");
        if (Failure is { } failure)
            text.Append(CultureInfo.InvariantCulture, $", {failure.GetType().Name}: {failure.Message}");
        return text.ToString();
    }
}
