using DisruptorStream.Events;
using DisruptorStream.Tests.Lifecycle;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Streams.Lifecycle;

/// <summary>Each call of a stream and of what it hands out, in all of its forms, by the rows of the table.</summary>
internal static class StreamCalls
{
    private static readonly StreamTarget.Call One = new("a", 5);
    private static readonly StreamTarget.Call New = new("new key", 0);

    public static IReadOnlyDictionary<string, Action<StreamTarget>[]> All { get; } =
        new Dictionary<string, Action<StreamTarget>[]>
        {
            ["`Start`"] = [target => target.Stream.Start()],
            ["`Publish`, in every form"] =
            [
                target => target.Stream.Publish(One), target => target.Stream.Publish(New),
                target => target.Stream.Publish([One, New]), target => target.Events.Publish(One),
                target => target.Events.Publish([One, New]),
            ],
            ["`TryPublish`, in every form"] =
            [
                target => LifecycleCalls.TrueOrFalse(target.Stream.TryPublish(One)),
                target => LifecycleCalls.AllOrNone(target.Stream.TryPublish([One, New]), 2),
                target => LifecycleCalls.TrueOrFalse(target.Events.TryPublish(One)),
                target => LifecycleCalls.AllOrNone(target.Events.TryPublish([One, New]), 2),
            ],
            ["`PublishAsync`, in every form"] =
            [
                target => LifecycleCalls.Wait(target.Stream.PublishAsync(One).AsTask()),
                target => LifecycleCalls.Wait(target.Stream.PublishAsync(new[] { One, New }).AsTask()),
                target => LifecycleCalls.Wait(target.Events.PublishAsync(One).AsTask()),
                target => LifecycleCalls.Wait(target.Events.PublishAsync(new[] { One, New }).AsTask()),
            ],
            ["`CreatePublisher`, `CreateEventPublisher`"] =
                [target => target.Stream.CreateEventPublisher(LifecycleCalls.Name())],
            ["`AdvanceWatermark`, `MarkIdle`, `MarkActive`, `Complete`"] =
            [
                target => target.Events.AdvanceWatermark(1), target => target.Events.MarkIdle(),
                target => target.Events.MarkActive(), target => target.Events.Complete(),
            ],
            ["`Dispose` of a publisher"] = [target => target.Events.Dispose(), target => target.Events.Dispose()],
            ["`Advance`"] = [target => target.Stream.Advance()],
            ["`FlushAsync`"] = [target => LifecycleCalls.Wait(target.Stream.FlushAsync().AsTask())],
            ["`StopAsync`, `Drain` or `Complete`"] =
            [
                target => LifecycleCalls.Wait(target.Stream.StopAsync()),
                target => LifecycleCalls.Wait(target.Stream.StopAsync(StopMode.Complete)),
            ],
            ["the same, token cancelled"] =
            [
                target => LifecycleCalls.Wait(
                    target.Stream.StopAsync(StopMode.Complete, new CancellationToken(canceled: true))),
            ],
            [LifecycleCalls.Suspend] = [target => LifecycleCalls.Wait(target.Stream.StopAsync(StopMode.Suspend))],
            ["`PublishDurableAsync`, in every form"] =
            [
                target => LifecycleCalls.WaitOrCancel(
                    token => target.Stream.PublishDurableAsync(One, token).AsTask()),
                target => LifecycleCalls.WaitOrCancel(
                    token => target.Stream.PublishDurableAsync(new[] { One, New }, token).AsTask()),
            ],
            ["`WhenDurableAsync`"] =
                [target => LifecycleCalls.WaitOrCancel(target.Stream.Durability!.WhenDurableAsync)],
            ["`TakeSnapshotAsync`"] =
                [target => LifecycleCalls.WaitOrCancel(target.Stream.Durability!.TakeSnapshotAsync)],
            [LifecycleCalls.Dump] =
            [
                target => target.Stream.FlightRecorder!.Dump(),
                target => target.Stream.FlightRecorder!.Dump(Path.Combine(target.Directory!, LifecycleCalls.Name())),
                target => target.Stream.FlightRecorder!.GetStats(),
            ],
            ["`StopAsync`, `Suspend`, state not durable"] =
            [
                target => LifecycleCalls.Wait(target.Stream.StopAsync(StopMode.Suspend)),
                target => LifecycleCalls.Wait(
                    target.Stream.StopAsync(StopMode.Suspend, new CancellationToken(canceled: true))),
            ],
            ["`StopAsync`, `Abort`"] = [target => LifecycleCalls.Wait(target.Stream.StopAsync(StopMode.Abort))],
            ["`DisposeAsync`"] =
            [
                target => LifecycleCalls.Wait(target.Stream.DisposeAsync().AsTask()),
                target => LifecycleCalls.Wait(target.Stream.DisposeAsync().AsTask()),
            ],
            ["statistics, sources, plan, watermark, `WhyNoResult`, `Why`"] =
            [
                target => target.Stream.GetStats().ToString(), target => target.Stream.GetSources(),
                target => target.Stream.ExplainPlan().ToString(), target => _ = target.Stream.WatermarkTicks,
                target => target.Stream.WhyNoResult().ToString(), target => Assert.NotNull(target.Stream.Completion),
                target => Assert.Equal(["others", "counts"], target.Stream.Queries),
                target => target.Query.GetStats().ToString(), target => target.Query.WhyNoResult().ToString(),
                target => target.Query.Why("a", new TimeWindow(0, 1)).ToString(),
                target => target.Query.WhyDropped(DropReason.Late, 0, 5).ToString(),
                target => Assert.Equal("counts", target.Stream.Query<string>("counts").Name),
                target => target.Others.Read(),
            ],
            ["`TryReadResult`"] = [ReadAll],
            ["`ReadResultsAsync`"] =
                [target => LifecycleCalls.Enumerate(token => target.Query.ReadResultsAsync(token))],
            ["`CreateResultReader`"] = [target => target.Query.CreateResultReader()],
            ["`TryRead` of a result reader"] = [ReadAllOfReader],
            ["`ReadAllAsync` of a result reader"] = [target => LifecycleCalls.Enumerate(target.Reader.ReadAllAsync)],
            ["`Dispose` of a result reader"] = [target => target.Reader.Dispose(), target => target.Reader.Dispose()],
        };

    private static void ReadAll(StreamTarget target)
    {
        while (target.Query.TryReadResult(out _))
        {
        }
    }

    private static void ReadAllOfReader(StreamTarget target)
    {
        while (target.Reader.TryRead(out _))
        {
        }
    }
}
