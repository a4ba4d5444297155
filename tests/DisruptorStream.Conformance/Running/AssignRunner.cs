using DisruptorStream.Conformance.Cases;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Conformance.Running;

/// <summary>
/// Runs assign vectors: one event goes in, and the windows that fire at the end are those that held it.
/// </summary>
internal static class AssignRunner
{
    public static async Task<IReadOnlyList<(long Start, long End)>> RunAsync(AssignVector vector, RunSettings settings)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Windowing.Step(vector.Window)
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null })
            .Aggregate(aggregates => aggregates.Count("count").Sum("sum"))
            .WithOptions(settings.Options)
            .WithTimeProvider(new VirtualClock())
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("source");
        publisher.PublishBits("key", vector.Time, [1]);
        await processor.StopAsync(StopMode.Complete);
        return [.. Panes.TakeFrom(sink, step: 0).Select(pane => (pane.Start, pane.End)).Order()];
    }
}
