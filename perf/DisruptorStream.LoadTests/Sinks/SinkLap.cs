using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>Times a sink, and what writes the same without one.</summary>
internal static class SinkLap
{
    /// <summary>Seconds that a sink takes for all writes, as the engine hands results to it.</summary>
    public static async Task<double> SinkAsync(IAsyncDurableSink<string> sink, SinkRows rows)
    {
        await sink.OpenAsync(Owner(), CancellationToken.None);
        var options = new AsyncSinkOptions { BatchSize = rows.PerWrite, Capacity = 2 * rows.PerWrite };
        var pump = new AsyncSinkPump<string>(
            new AsyncSinkRegistration<string>(sink, options),
            TimeProvider.System,
            new HostFailures(),
            new RingFault(),
            overflowAllowed: false,
            CancellationToken.None);
        pump.Start(new SinkContext { ProcessorName = "rates", Schema = SinkRows.Schema });
        await pump.FlushAsync();
        var begun = Stopwatch.GetTimestamp();
        await OnThread(() => rows.Batches.ForEach(pump.Add));
        await pump.FlushAsync();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await pump.CompleteAsync(null);
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

    /// <summary>On a thread of its own, as the engine hands results over: it waits where there is no room.</summary>
    private static Task OnThread(Action run) => Task.Factory.StartNew(
        run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static DurableSinkOwner Owner() => new()
    {
        ProcessorName = "rates",
        QueryName = "rates",
        Epoch = 1,
        StreamId = new string('a', 32),
        PlanFingerprint = "f",
    };
}
