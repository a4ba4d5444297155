using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Emission.Delivery;

/// <summary>Adds up what it is given, and allocates nothing.</summary>
internal sealed class SummingSink : IResultSink<string>, IDroppedEventSink<string>
{
    private readonly int _sum = Rows.CountAndSum.IndexOf("sum");

    public long Results { get; private set; }

    public long DroppedEvents { get; private set; }

    public double Sum { get; private set; }

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            Results++;
            Sum += result[_sum] + result["count"] + result.Key.Length + result.WindowEnd.Ticks;
        }
    }

    public void OnDropped(in DroppedEvent<string> dropped)
    {
        DroppedEvents++;
        Sum += dropped.Value;
    }
}
