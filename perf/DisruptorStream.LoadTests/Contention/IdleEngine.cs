using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Contention;

/// <summary>What an idle engine takes, and how soon it answers.</summary>
internal static class IdleEngine
{
    public static async Task CheckAsync(Checklist checks)
    {
        const int Firsts = 50;
        var sink = new StampSink();
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(1))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Fused, FutureSkewLimit = null })
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("idle");
        publisher.Publish(1, 0, 1);
        await Task.Delay(500);
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var begin = Stopwatch.GetTimestamp();
        await Task.Delay(3000);
        self.Refresh();
        var share = (self.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(begin);
        checks.AtMost("idle, share of a processor", share, 0.01);

        var latencies = new List<double>();
        for (var first = 1; first <= Firsts; first++)
        {
            Thread.Sleep(30);
            var published = Stopwatch.GetTimestamp();
            publisher.Publish(1, first, 1);
            var seen = sink.WaitFor(first);
            latencies.Add(Stopwatch.GetElapsedTime(published, seen).TotalMicroseconds);
        }

        latencies.Sort();
        var bare = BareWakeUp(Firsts);
        checks.Check(
            "first event after idle, median",
            latencies[Firsts / 2] <= bare + 100,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{latencies[Firsts / 2]:F1} µs, waking a bare thread {bare:F1} µs, at most 100 µs more"));
    }

    /// <summary>The median time, in microseconds, from a signal to a thread that has slept for a while.</summary>
    private static double BareWakeUp(int wakeUps)
    {
        using var signal = new SemaphoreSlim(0);
        var woken = new long[wakeUps];
        var thread = new Thread(() =>
        {
            for (var index = 0; index < wakeUps; index++)
            {
                signal.Wait();
                Volatile.Write(ref woken[index], Stopwatch.GetTimestamp());
            }
        });
        thread.Start();
        var latencies = new double[wakeUps];
        for (var index = 0; index < wakeUps; index++)
        {
            Thread.Sleep(30);
            var begin = Stopwatch.GetTimestamp();
            signal.Release();
            while (Volatile.Read(ref woken[index]) == 0)
                Thread.SpinWait(1);
            latencies[index] = Stopwatch.GetElapsedTime(begin, woken[index]).TotalMicroseconds;
        }

        thread.Join();
        Array.Sort(latencies);
        return latencies[wakeUps / 2];
    }

    private sealed class StampSink : IResultSink<int>
    {
        private long _end;
        private long _stamp;

        public void OnResults(ResultBatch<int> batch)
        {
            Volatile.Write(ref _stamp, Stopwatch.GetTimestamp());
            Volatile.Write(ref _end, batch[batch.Count - 1].Window.EndTicks);
        }

        public long WaitFor(long end)
        {
            var deadline = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
            while (Volatile.Read(ref _end) < end && Stopwatch.GetTimestamp() < deadline)
                Thread.SpinWait(1);
            return Volatile.Read(ref _stamp);
        }
    }
}
