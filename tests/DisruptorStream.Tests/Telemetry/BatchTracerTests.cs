using System.Collections.Concurrent;
using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Tests.Emission.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry;

public sealed class BatchTracerTests
{
    [Theory]
    [InlineData(1, 9, 3)]
    [InlineData(3, 3, 1)]
    public async Task Batches_SomebodyListens_AreTracedOneInSoMany(int stride, int handled, int delivered)
    {
        var name = $"traced {stride}";
        var activities = new ConcurrentQueue<Activity>();
        using var listener = Listener(name, activities);
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithName(name)
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { BatchesPerTrace = stride })
            .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch)).To(new RecordingSink()).Build();
        ActivitySource.AddActivityListener(listener);

        // The first tick and the registration of the source are batches as well.
        for (var at = 0; at < 7; at++)
            processor.Publish("a", at * 5, 1);

        var handles = activities.Where(activity => activity.OperationName == "disruptorstream.handle").ToArray();
        var deliveries = activities.Where(activity => activity.OperationName == "disruptorstream.deliver").ToArray();
        Assert.Equal((handled, delivered), (handles.Length, deliveries.Length));
        Assert.All(handles, activity => Assert.Equal(1L, activity.GetTagItem("disruptorstream.batch.size")));
        Assert.All(deliveries, activity => Assert.Equal(1L, activity.GetTagItem("disruptorstream.batch.size")));
        var first = Assert.IsType<long>(deliveries[0].GetTagItem("disruptorstream.sequence.first"));
        Assert.Equal(first, deliveries[0].GetTagItem("disruptorstream.sequence.last"));
        Assert.Equal("disruptorstream.handle", deliveries[0].Parent?.OperationName ?? "disruptorstream.handle");
    }

    [Theory]
    [InlineData("skip", ActivityStatusCode.Error, "call 1")]
    [InlineData("retry", ActivityStatusCode.Unset, null)]
    [InlineData("stop", ActivityStatusCode.Error, "call 1")]
    public async Task Delivery_SinkThrows_IsAnErrorWhereTheSinkIsGivenUp(
        string policy, ActivityStatusCode status, string? told)
    {
        var name = $"failing {policy}";
        var activities = new ConcurrentQueue<Activity>();
        using var listener = Listener(name, activities);
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithName(name)
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { BatchesPerTrace = 1 })
            .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch))
            .To(
                new RecordingSink { FailuresToCome = 1 },
                policy switch
                {
                    "skip" => SinkFailurePolicy.Skip,
                    "retry" => SinkFailurePolicy.Retry(1, TimeSpan.FromTicks(1)),
                    _ => SinkFailurePolicy.Stop,
                })
            .To(new RecordingSink())
            .Build();
        ActivitySource.AddActivityListener(listener);
        processor.Publish("a", 1, 1);
        if (policy == "stop")
            Assert.ThrowsAny<Exception>(() => processor.Publish("a", 12, 1));
        else
            processor.Publish("a", 12, 1);

        var delivery = Assert.Single(activities, activity => activity.OperationName == "disruptorstream.deliver");
        Assert.Equal(status, delivery.Status);
        if (told is null)
            Assert.Null(delivery.StatusDescription);
        else
            Assert.Contains(told, delivery.StatusDescription, StringComparison.Ordinal);
    }

    private static ActivityListener Listener(string processor, ConcurrentQueue<Activity> activities) => new()
    {
        ShouldListenTo = source => source.Name == "DisruptorStream",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        ActivityStopped = activity =>
        {
            if (Equals(activity.GetTagItem("disruptorstream.processor"), processor))
                activities.Enqueue(activity);
        },
    };
}
