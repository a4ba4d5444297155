using System.Diagnostics;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;
using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Contention;

/// <summary>Several stream processors in one host, each with a publishing thread of its own, for a while.</summary>
internal static class HostLoad
{
    private const int Keys = 1000;
    private const int ClaimEvents = 512;
    private const int Measurements = 3;

    // The compiler works from the same quota, and takes seconds of it to come to its best code.
    private static readonly TimeSpan WarmUpOfProcessor = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Measured = TimeSpan.FromMilliseconds(600);

    /// <summary>The median of some short measurements, once the code is compiled.</summary>
    public static async Task<LoadOutcome> MeasureAsync(ExecutionMode mode, int count)
    {
        var unaccounted = await WarmUpAsync(mode, count);
        var rates = new double[Measurements];
        for (var index = 0; index < Measurements; index++)
        {
            (rates[index], var missing) = await RunAsync(mode, count, Measured);
            unaccounted += missing;
        }

        Array.Sort(rates);
        return new LoadOutcome
        {
            MillionPerSecond = rates[Measurements / 2],
            Unaccounted = unaccounted,
            Budget = ProcessorBudget.Current.Processors,
        };
    }

    private static async Task<long> WarmUpAsync(ExecutionMode mode, int count)
    {
        var unaccounted = 0L;
        var begin = Stopwatch.GetTimestamp();
        while (Environment.CpuUsage.TotalTime < WarmUpOfProcessor && Stopwatch.GetElapsedTime(begin) < LongestWarmUp)
            unaccounted += (await RunAsync(mode, count, Measured)).Unaccounted;
        return unaccounted;
    }

    private static async Task<(double MillionPerSecond, long Unaccounted)> RunAsync(
        ExecutionMode mode, int count, TimeSpan duration)
    {
        var scenario = Scenario.Tumbling(Keys);
        var sinks = Enumerable.Range(0, count).Select(_ => new TallySink()).ToArray();
        var processors = Array.ConvertAll(sinks, sink => scenario.NewProcessor(sink, mode));
        foreach (var processor in processors)
            processor.Start();
        var published = new long[count];
        var begin = Stopwatch.GetTimestamp();
        var end = begin + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var threads = new Thread[count];
        for (var index = 0; index < count; index++)
        {
            var one = index;
            threads[one] = new Thread(() => published[one] = Publish(scenario, processors[one], end));
            threads[one].Start();
        }

        foreach (var thread in threads)
            thread.Join();
        foreach (var processor in processors)
            await processor.StopAsync(StopMode.Complete);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var unaccounted = 0L;
        for (var index = 0; index < count; index++)
        {
            var accounted = scenario.Accounted(sinks[index], processors[index].GetStats());
            unaccounted += scenario.Expected(published[index]) - accounted;
            await processors[index].DisposeAsync();
        }

        return (published.Sum() / seconds / 1e6, unaccounted);
    }

    private static long Publish(Scenario scenario, StreamProcessor<int> processor, long end)
    {
        using var publisher = processor.CreatePublisher("load");
        var handles = new KeyHandle[Keys];
        for (var key = 0; key < Keys; key++)
            handles[key] = processor.GetKey(key);
        var source = scenario.NewSource();
        var events = 0L;
        while (Stopwatch.GetTimestamp() < end)
        {
            using var claim = publisher.Claim(ClaimEvents);
            for (var index = 0; index < claim.Capacity; index++)
            {
                var (key, ticks, value) = source.Next();
                claim.Add(handles[key], ticks, value);
            }

            claim.Publish();
            events += claim.Count;
        }

        return events;
    }
}
