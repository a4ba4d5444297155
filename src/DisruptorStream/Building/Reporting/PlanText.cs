using System.Globalization;
using DisruptorStream.State.Columns;
using DisruptorStream.State.PerWindow;
using DisruptorStream.State.Sessions;
using DisruptorStream.State.Slices;
using DisruptorStream.Windows;

namespace DisruptorStream.Building.Reporting;

/// <summary>Says what a processor was compiled to.</summary>
internal static class PlanText
{
    public static ExplainPlan PlanOf<TKey>(ProcessorParts<TKey> parts)
        where TKey : notnull, IEquatable<TKey>
    {
        var store = parts.Shards[0].Store;
        var options = parts.Definition.Options;
        var (name, cost, limit) = store switch
        {
            SliceStore => ("shared slices", "one accumulator for each event, whatever the overlap", options.MaxSlices),
            SessionStore => ("sessions", "one accumulator for each event", options.MaxWindowsPerKey),
            WindowStore => (
                "windows of their own", "one accumulator for each event and window", options.MaxWindowsPerKey),
            _ => throw new InvalidOperationException($"The store {store.GetType().Name} has no description."),
        };
        return new ExplainPlan
        {
            Name = parts.Definition.Name,
            Mode = parts.Mode,
            ShardCount = parts.Shards.Length,
            Windows = Describe(parts.Definition.Window, parts.Definition.ProcessingTime),
            Store = name,
            CostPerEvent = cost,
            Accumulators = Array.ConvertAll([.. parts.Shards[0].Context.Plan.Columns], Describe),
            BytesPerKeyAndWindow = store.BytesPerRecord,
            RingBytes = parts.RingBytes,
            MaxBlockBytesPerKeyAndWindow = parts.Shards[0].Context.Plan.MaxBlockBytes,
            MaxStateBytes = ((double)store.BytesPerRecord + parts.Shards[0].Context.Plan.MaxBlockBytes)
                * options.MaxKeys * limit,
        };
    }

    private static string Describe(ColumnInfo column) => string.Create(
        CultureInfo.InvariantCulture,
        $"{column.Identity}, {column.SizeBytes} bytes{Blocks(column)}, read by {string.Join(", ", column.Metrics)}");

    private static string Blocks(ColumnInfo column) => column.MaxBlockBytes == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $" and at most {column.MaxBlockBytes} more in blocks");

    private static string Describe(WindowDefinition window, bool processingTime)
    {
        var time = processingTime ? "processing time" : "event time";
        return window.Kind switch
        {
            WindowKind.Tumbling => $"tumbling {Span(window.SizeTicks)}, {time}",
            WindowKind.Sliding => $"sliding {Span(window.SizeTicks)} every {Span(window.SlideTicks)}, {time}",
            WindowKind.Session => $"session with a gap of {Span(window.GapTicks)}, {time}",
            _ => $"custom, {time}",
        };
    }

    private static string Span(long ticks) => TimeSpan.FromTicks(ticks).ToString("c", CultureInfo.InvariantCulture);
}
