using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Durability;
using DisruptorStream.LoadTests.Latencies;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>How much of a processor the shadow takes at a million events a second.</summary>
internal static class ShadowCheck
{
    private const int EventsPerSecond = 1_000_000;
    private const int BatchesPerSecond = 1000;
    private const double MostShare = 0.03;

    public static void Run(Checklist checks, string directory, int events)
    {
        foreach (var mode in new[] { DurabilityMode.Async, DurabilityMode.Sync })
            Run(checks, directory, events, mode);
    }

    private static void Run(Checklist checks, string directory, int events, DurabilityMode mode)
    {
        var name = $"{mode}: the shadow at 1 M events/s";
        using var scratch = new ScratchDirectory(directory);
        var files = new CountedFiles();
        var options = new DurabilityOptions { Mode = mode, SnapshotInterval = TimeSpan.FromSeconds(5) };
        var load = new JournalLoad(events);
        var (begun, shadow, share) = (0L, TimeSpan.Zero, 0.0);
        load.Publish(new DurableSettings(scratch.Path, options) { Files = files }, publish =>
        {
            var schedule = Schedule.StartNow(BatchesPerSecond);
            const int Batch = EventsPerSecond / BatchesPerSecond;
            for (var batch = 0; (batch + 1) * Batch <= events; batch++)
            {
                // The first second is for the compiler.
                if (batch == BatchesPerSecond)
                    (begun, shadow) = (Stopwatch.GetTimestamp(), files.Reader?.Elapsed ?? TimeSpan.Zero);
                schedule.WaitFor(batch);
                publish(batch * Batch, Batch);
            }

            share = ((files.Reader?.Elapsed ?? shadow) - shadow) / Stopwatch.GetElapsedTime(begun);
        });
        if (files.Reader is null)
        {
            checks.Skip(name, "this system does not tell how long a thread has run");
            return;
        }

        checks.Check(
            name,
            share <= MostShare,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{share:P2} of a processor, at most {MostShare:P0}, snapshots included"));
    }
}
