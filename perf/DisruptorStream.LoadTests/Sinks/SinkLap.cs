using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>Times a sink, and what writes the same without one.</summary>
internal static class SinkLap
{
    /// <summary>Seconds that a sink takes for all writes, from its opening on.</summary>
    public static async Task<double> SinkAsync(IAsyncDurableSink<string> sink, SinkRows rows)
    {
        await sink.OpenAsync(Owner(), CancellationToken.None);
        await sink.StartAsync(
            new SinkContext { ProcessorName = "rates", Schema = SinkRows.Schema }, CancellationToken.None);
        var begun = Stopwatch.GetTimestamp();
        foreach (var write in rows.Writes)
            await sink.WriteAsync(write, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await sink.CompleteAsync(null);
        return seconds;
    }

    /// <summary>Seconds that something else takes for them.</summary>
    public static async Task<double> BareAsync(SinkRows rows, Func<WindowResult<string>[], Task> write)
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var one in rows.Writes)
            await write(one);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static DurableSinkOwner Owner() => new()
    {
        ProcessorName = "rates",
        QueryName = "rates",
        Epoch = 1,
        StreamId = new string('a', 32),
        PlanFingerprint = "f",
    };
}
