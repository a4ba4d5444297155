using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>Results and dropped events as lines, each in their order, to the bit.</summary>
internal sealed class LineSink<TKey> : IResultSink<TKey>, IDroppedEventSink<TKey>
{
    private readonly List<string> _lines;
    private readonly List<string> _drops;

    public LineSink(List<string> lines, List<string> drops)
    {
        _lines = lines;
        _drops = drops;
    }

    public static string LineOf(DropReason reason, bool hasKey, TKey? key, long ticks, ReadOnlySpan<long> measures) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"dropped {reason} {(hasKey ? key : "none")} at {ticks}: {measures[0]:x} {measures[1]:x} {measures[2]:x}");

    public void OnResults(ResultBatch<TKey> batch)
    {
        foreach (var result in batch)
        {
            var line = result.ToString();
            foreach (var bits in result.RawValues)
                line += string.Create(CultureInfo.InvariantCulture, $" {bits:x}");
            _lines.Add(line);
        }
    }

    public void OnDropped(in DroppedEvent<TKey> dropped) => _drops.Add(
        LineOf(dropped.Reason, dropped.HasKey, dropped.Key, dropped.TimestampTicks, dropped.RawMeasures));
}
