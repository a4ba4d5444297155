using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>
/// A sum over all results, so cheap that it is the results' way to it that takes the time; their order does not matter.
/// </summary>
internal sealed class StageSink : IResultSink<int>
{
    public long Results { get; private set; }

    public ulong Sum { get; private set; }

    public void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
        {
            var values = result.RawValues;
            Add(
                result.Window.EndTicks / TimeSpan.TicksPerMillisecond,
                result.Key,
                values[0],
                values[1],
                values[2],
                values[3]);
        }
    }

    /// <summary>Count, and the bits of sum, smallest and largest, in the window that ends then.</summary>
    public void Add(long endMilliseconds, int key, long count, long sum, long min, long max)
    {
        var window = (((ulong)endMilliseconds << 20) + (ulong)key) | 1;
        Sum += window * ((ulong)count + (3 * (ulong)sum) + (5 * (ulong)min) + (7 * (ulong)max));
        Results++;
    }
}
