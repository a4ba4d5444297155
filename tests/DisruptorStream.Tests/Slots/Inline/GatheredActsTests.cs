using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Slots.Inline;

/// <summary>Single events that wait for others, and anything that may come between them.</summary>
public sealed class GatheredActsTests
{
    private enum Act
    {
        Publish,
        TryPublish,
        PublishKeyed,
        PublishSeveral,
        Claim,
        Idle,
        Watermark,
        Flush,
        OtherThread,
        Jump,
    }

    private static readonly Gen<(Act Act, int Count)[]> AnyActs = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Act.Publish)),
            (1, Gen.Const(Act.TryPublish)),
            (1, Gen.Const(Act.PublishKeyed)),
            (1, Gen.Const(Act.PublishSeveral)),
            (1, Gen.Const(Act.Claim)),
            (1, Gen.Const(Act.Idle)),
            (1, Gen.Const(Act.Watermark)),
            (1, Gen.Const(Act.Flush)),
            (1, Gen.Const(Act.OtherThread)),
            (1, Gen.Const(Act.Jump))),
        Gen.Int[1, 150]).Array[1, 30];

    /// <summary>Whatever comes between them, from whichever thread, it comes to the same as with a worker.</summary>
    [Fact]
    public void Publish_AnythingBetween_ComesToTheSame()
    {
        var waited = 0L;
        AnyActs.Sample(
            acts =>
            {
                Assert.Equal(Run(ExecutionMode.Fused, acts, out _), Run(ExecutionMode.Inline, acts, out var ofRun));
                waited += ofRun;
            },
            iter: 60,
            threads: 1);
        Assert.InRange(waited, 1, long.MaxValue);
    }

    private static (string Results, long Published, long Processed, long Late) Run(
        ExecutionMode mode, (Act Act, int Count)[] acts, out long waited)
    {
        var collector = new CollectingSink<int>();
        var processor = GatheredCall.Build(mode, collector);
        var publisher = processor.CreateEventPublisher("typed");
        var keyed = processor.CreatePublisher("keyed");
        var now = 0L;
        foreach (var (act, count) in acts)
        {
            if (act == Act.OtherThread)
                now = Other(() => Do(Act.Publish, count, publisher, keyed, now));
            else
                now = Do(act, count, publisher, keyed, now);
            if (act == Act.Flush)
                processor.FlushAsync().AsTask().GetAwaiter().GetResult();
        }

        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        var stats = processor.GetStats();
        waited = stats.EventsProcessed - stats.BatchesProcessed;
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (
            string.Join('\n', collector.Texts()),
            stats.EventsPublished,
            stats.EventsProcessed,
            stats.DroppedBy(DropReason.Late));
    }

    private static long Do(
        Act act, int count, EventPublisher<GatheredCall> publisher, KeyedPublisher<int> keyed, long now)
    {
        var calls = new GatheredCall[count];
        for (var index = 0; index < count; index++)
        {
            // Some are behind, and now and then one is too late.
            now += 3;
            var time = index % 11 == 3 ? now - (index * 9L) : now;
            calls[index] = new GatheredCall(index % GatheredCall.Keys, time, index);
        }

        switch (act)
        {
            case Act.Publish:
                foreach (var call in calls)
                    publisher.Publish(call);
                break;
            case Act.TryPublish:
                foreach (var call in calls)
                    Assert.True(publisher.TryPublish(call));
                break;
            case Act.PublishKeyed:
                foreach (var call in calls)
                    keyed.Publish(call.Key, call.Ticks, call.Value);
                break;
            case Act.PublishSeveral:
                publisher.Publish(calls);
                break;
            case Act.Claim:
                using (var claim = keyed.Claim(1))
                {
                    claim.Add(calls[0].Key, calls[0].Ticks, 1);
                    claim.Publish();
                }

                break;
            case Act.Idle:
                keyed.MarkIdle();
                break;
            case Act.Watermark:
                keyed.AdvanceWatermark(now);
                break;
            case Act.Jump:
                now += count * GatheredCall.Window / 50;
                break;
        }

        return now;
    }

    private static long Other(Func<long> call) => GatheredCall.OnOtherThread(call).GetAwaiter().GetResult();
}
