using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>What is left when others take the processors away, and what an idle engine takes.</summary>
internal static class ContentionCommand
{
    private const int Events = 5_000_000;
    private const int Runs = 5;
    private const double LargestFactor = 2;

    public static Command Create()
    {
        var command = new Command("contention", "Throughput beside busy neighbours, and the cost of an idle engine.");
        command.SetAction(async (_, _) =>
        {
            var checks = new Checklist();
            Neighbours(checks, LargestFactor);
            await IdleAsync(checks);
            return checks.Conclude();
        });
        return command;
    }

    /// <summary>
    /// The engine and its publisher are two threads. The scheduler gives each runnable thread the same share, so that
    /// is what the rate is compared with.
    /// </summary>
    /// <param name="checks">Where it is noted.</param>
    /// <param name="factor">How many times slower than its share it may be.</param>
    public static void Neighbours(Checklist checks, double factor)
    {
        var processors = Environment.ProcessorCount;
        var work = Workload.Find("W1")!;
        var run = new EngineRun(work, work.Generate(Events), ExecutionMode.Fused);
        var alone = MedianRate(run, 0);
        foreach (var neighbours in new[] { processors - 1, processors, 2 * processors }.Distinct())
        {
            var rate = MedianRate(run, neighbours);
            var share = Math.Min(1, (double)processors / (neighbours + 2));
            var least = alone * share / factor;
            checks.Check(
                $"{neighbours} busy neighbour(s) on {processors} processors",
                rate >= least,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate:F0} M/s, alone {alone:F0}, share {share:F2}, at least {least:F0}"));
        }
    }

    public static async Task IdleAsync(Checklist checks)
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

    private static double MedianRate(EngineRun run, int neighbours)
    {
        var stop = false;
        var threads = new Thread[neighbours];
        for (var index = 0; index < neighbours; index++)
        {
            threads[index] = new Thread(() =>
            {
                while (!Volatile.Read(ref stop))
                    Thread.SpinWait(100);
            });
            threads[index].Start();
        }

        var contestant = new Contestant { Name = "fused", Run = run.Run };
        Contestant.RunInTurns([contestant], warmUps: 2, Runs);
        Volatile.Write(ref stop, true);
        foreach (var thread in threads)
            thread.Join();
        return contestant.MedianMillionPerSecond;
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
