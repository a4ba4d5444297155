using System.Globalization;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Handling;

/// <summary>One log that a partition reads, and how.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
internal sealed class PartitionInput<TEvent>
{
    private readonly IEventFormat<TEvent> _format;
    private readonly Predicate<TEvent>? _keeps;
    private readonly long _watermarkDelayTicks;

    /// <param name="log">The log.</param>
    /// <param name="format">How events lie in it.</param>
    /// <param name="keeps">Which events are the partition's; null for all.</param>
    /// <param name="watermarkDelay">How far behind what a record says the watermark is.</param>
    public PartitionInput(
        IPartitionLog log, IEventFormat<TEvent> format, Predicate<TEvent>? keeps, TimeSpan watermarkDelay)
    {
        (Log, _format, _keeps, _watermarkDelayTicks) = (log, format, keeps, watermarkDelay.Ticks);
    }

    /// <summary>What is read.</summary>
    public IPartitionLog Log { get; }

    /// <summary>
    /// Reads a record. One that is bad says so, and has no events; its watermark counts all the same.
    /// </summary>
    public InputRecord<TEvent> Read(LogEntry entry)
    {
        long? watermark = null;
        try
        {
            watermark = WatermarkOf(entry.Record);
            var events = new List<TEvent>();
            _format.Read(entry.Record.Body, events);
            if (_keeps is { } keeps)
                events.RemoveAll(one => !keeps(one));
            return new InputRecord<TEvent>(entry.Position, events, watermark, null);
        }
        catch (Exception exception)
        {
            return new InputRecord<TEvent>(entry.Position, [], watermark, exception);
        }
    }

    private long? WatermarkOf(LogRecord record)
    {
        if (record.Header(PartitionHeaders.Watermark) is not { } text)
            return null;
        var ticks = long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return ticks == long.MaxValue
            ? ticks
            : Math.Max(ticks, long.MinValue + _watermarkDelayTicks) - _watermarkDelayTicks;
    }
}
