using System.Diagnostics;
using DisruptorStream.Rings;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>
/// The same schedule without an engine: one thread writes a number when it is due, another one spins until it sees it.
/// What this shows is the machine's own: its scheduler, its hypervisor and its caches.
/// </summary>
internal sealed class BareProbe : IDisposable
{
    private const int EventsPerSample = 100;

    private readonly int _eventsPerSecond;
    private readonly AutoResetEvent _begin = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly Sequence _written = new(0);
    private readonly Thread _reader;
    private (Schedule Schedule, long Samples, LongHistogram Latencies)? _run;

    public BareProbe(int eventsPerSecond)
    {
        _eventsPerSecond = eventsPerSecond;
        _reader = new Thread(Read) { IsBackground = true, Name = "bare-probe" };
        _reader.Start();
    }

    /// <summary>Writes for so long on the caller's thread; the latencies are those that the reader saw.</summary>
    public void Run(TimeSpan duration, LongHistogram latencies)
    {
        var samplesPerSecond = _eventsPerSecond / EventsPerSample;
        var samples = (long)(samplesPerSecond * duration.TotalSeconds);
        _written.SetRelease(0);
        var schedule = Schedule.StartNow(samplesPerSecond);
        _run = (schedule, samples, latencies);
        _begin.Set();
        for (var sample = 1L; sample <= samples; sample++)
        {
            schedule.WaitFor(sample);
            _written.SetRelease(sample);
        }

        _done.WaitOne();
    }

    public void Dispose()
    {
        _run = null;
        _begin.Set();
        _reader.Join();
        _begin.Dispose();
        _done.Dispose();
    }

    private void Read()
    {
        while (true)
        {
            _begin.WaitOne();
            if (_run is not { } run)
                return;
            Follow(run.Schedule, run.Samples, run.Latencies);
            _done.Set();
        }
    }

    private void Follow(Schedule schedule, long samples, LongHistogram latencies)
    {
        var firstSettled = schedule.FirstSettled;
        for (var seen = 0L; seen < samples;)
        {
            var value = _written.Value;
            if (value == seen)
                continue;
            var now = Stopwatch.GetTimestamp();
            for (; seen < value; seen++)
            {
                if (seen >= firstSettled)
                    latencies.RecordValue(schedule.NanosecondsSince(seen + 1, now));
            }
        }
    }
}
