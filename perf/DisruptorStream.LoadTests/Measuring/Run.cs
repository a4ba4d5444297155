using System.Diagnostics;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>One run of a scenario: events in claims, by key handles, from one thread.</summary>
internal static class Run
{
    private const int ClaimEvents = 512;

    /// <param name="scenario">What to run.</param>
    /// <param name="mode">On which threads.</param>
    /// <param name="events">How many events are measured; a tenth as many run before, to warm up.</param>
    public static async Task<RunOutcome> MeasureAsync(Scenario scenario, ExecutionMode mode, long events)
    {
        var sink = new TallySink();
        await using var processor = scenario.NewProcessor(sink, mode);
        processor.Start();
        var handles = new KeyHandle[scenario.Keys];
        for (var key = 0; key < handles.Length; key++)
            handles[key] = processor.GetKey(key);
        using var publisher = processor.CreatePublisher("load");
        var source = scenario.NewSource();
        var warmUp = events / 10;
        Publish(publisher, handles, ref source, warmUp);
        await processor.FlushAsync();

        var collections = Lap.AllCollections();
        var panes = sink.Panes;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begin = Stopwatch.GetTimestamp();
        Publish(publisher, handles, ref source, events);
        await processor.FlushAsync();
        var elapsed = Stopwatch.GetElapsedTime(begin);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        collections = Lap.AllCollections() - collections;
        panes = sink.Panes - panes;

        await processor.StopAsync(StopMode.Complete);
        var stats = processor.GetStats();
        return new RunOutcome
        {
            Elapsed = elapsed,
            Events = events,
            Panes = panes,
            AllocatedBytes = allocated,
            Collections = collections,
            Late = stats.LateDropped + sink.OtherPanes,
            Unaccounted = scenario.Expected(warmUp + events) - scenario.Accounted(sink, stats),
        };
    }

    private static void Publish(KeyedPublisher<int> publisher, KeyHandle[] handles, ref EventSource source, long events)
    {
        while (events > 0)
        {
            using var claim = publisher.Claim((int)Math.Min(ClaimEvents, events));
            for (var i = 0; i < claim.Capacity; i++)
            {
                var (key, ticks, value) = source.Next();
                claim.Add(handles[key], ticks, value);
            }

            claim.Publish();
            events -= claim.Capacity;
        }
    }
}
