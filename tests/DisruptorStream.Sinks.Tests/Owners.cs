using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Sinks.Tests;

/// <summary>Owners of targets, and processors that write to them.</summary>
internal static class Owners
{
    public static DurableSinkOwner Of(long epoch) => new()
    {
        ProcessorName = "calls",
        QueryName = "calls",
        Epoch = epoch,
        StreamId = epoch == 0 ? "" : new string('a', 32),
        PlanFingerprint = "f",
    };

    /// <summary>A processor of three keys and two windows, "a" in two panes, that ends.</summary>
    public static async Task RunAsync(IAsyncDurableSink<string> sink, string? directory = null)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .AllowedLateness(TimeSpan.FromSeconds(10))
            .Aggregate(a => a.Count("calls").Average("mean"))
            .WithName("calls")
            .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null })
            .To(sink);
        await using var processor = (directory is null ? step : step.DurableIn(directory)).Build();
        processor.Start();
        processor.Publish("a", 0, 1);
        processor.Publish("b", 1, 2);
        processor.Publish("it's \"c\"", 2, double.NaN);
        processor.Publish("a", TimeSpan.TicksPerSecond, 4);
        processor.Publish("a", 5, 3);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
    }

    /// <summary>Pairs of keys.</summary>
    public static async Task RunPairsAsync(IAsyncDurableSink<(string, int)> sink)
    {
        await using var stream = StreamProcessorBuilder.For<(string Tenant, int User)>()
            .EventTime(_ => 0L)
            .Key("tenant", one => one.Tenant)
            .Key("user", one => one.User)
            .Query("pairs", query => query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Count("calls")).To(sink))
            .WithName("calls")
            .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null })
            .Build();
        stream.Start();
        stream.Publish(("acme", 7));
        stream.Publish(("acme", 8));
        await stream.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
    }
}
