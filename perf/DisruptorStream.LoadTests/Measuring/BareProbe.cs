using System.Diagnostics;
using DisruptorStream.Rings;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// The same schedule without an engine: one thread writes a number when it is due, another one spins until it sees it.
/// What this shows is the machine's own: its scheduler, its hypervisor and its caches.
/// </summary>
internal static class BareProbe
{
    private const int EventsPerSample = 100;

    public static void Run(int eventsPerSecond, TimeSpan duration, LongHistogram latencies)
    {
        var samples = (long)(eventsPerSecond * duration.TotalSeconds) / EventsPerSample;
        var ticksPerSample = (double)Stopwatch.Frequency / eventsPerSecond * EventsPerSample;
        var written = new Sequence(0);
        var begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        var reader = new Thread(() =>
        {
            for (var seen = 0L; seen < samples;)
            {
                var value = written.Value;
                if (value == seen)
                    continue;
                var now = Stopwatch.GetTimestamp();
                for (; seen < value; seen++)
                {
                    var due = begin + (long)((seen + 1) * ticksPerSample);
                    latencies.RecordValue(Math.Max(1, (now - due) * 1_000_000_000 / Stopwatch.Frequency));
                }
            }
        });
        reader.Start();
        for (var sample = 1L; sample <= samples; sample++)
        {
            var due = begin + (long)(sample * ticksPerSample);
            while (Stopwatch.GetTimestamp() < due)
                Thread.SpinWait(1);
            written.SetRelease(sample);
        }

        reader.Join();
    }
}
