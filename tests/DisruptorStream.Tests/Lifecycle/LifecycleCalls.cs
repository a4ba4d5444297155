using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>Each call of the table, in all of its forms, and what comes of it in the table's words.</summary>
internal static class LifecycleCalls
{
    /// <summary>The only call that needs a target whose state is durable.</summary>
    public const string Suspend = "`StopAsync`, `Suspend`";

    /// <summary>The only call that needs a target with a flight recorder.</summary>
    public const string Dump = "`Dump` of the flight recorder";

    private const long Time = 5;

    // Longer than a sync takes on a disk that is busy.
    private static readonly TimeSpan LongestSync = TimeSpan.FromSeconds(2);

    public static IReadOnlyDictionary<string, Action<Target>[]> All { get; } = new Dictionary<string, Action<Target>[]>
    {
        ["`Start`"] = [target => target.Processor.Start()],
        ["`Publish`, in every form"] =
        [
            target => target.Processor.Publish("a", Time, 1),
            target => target.Processor.Publish("new key", DateTimeOffset.UnixEpoch, 1),
            target => target.Processor.Publish(target.Handle, Time, 1),
            target => target.Processor.Publish("a", Time, [1.0]),
            target => target.Publisher.Publish("a", Time, 1),
            target => target.Publisher.Publish("a"u8, Time, 1),
            target => target.Publisher.Publish("a".AsSpan(), Time, 1),
            target => target.Publisher.PublishBits("a", Time, [0]),
            target => target.Processor.PublishBits("a", Time, [0]),
            target => target.Publisher.Publish([new KeyedEvent(target.Handle, Time, 1)]),
            target => target.Processor.Publish([new KeyedEvent(target.Handle, Time, 1)]),
            target => target.Publisher.Publish(new KeyedEvent(target.Handle, Time, 1)),
            target => target.Processor.Publish(("a", Time)),
            target => target.Events.Publish([("a", Time), ("b", Time)]),
        ],
        ["`TryPublish`, in every form"] =
        [
            target => TrueOrFalse(target.Processor.TryPublish("a", Time, 1)),
            target => TrueOrFalse(target.Publisher.TryPublish(target.Handle, Time, 1)),
            target => TrueOrFalse(target.Publisher.TryPublishBits("a", Time, [0])),
            target => TrueOrFalse(target.Publisher.TryPublish(new KeyedEvent(target.Handle, Time, 1))),
            target => AllOrNone(target.Processor.TryPublish(Ready(target)), Ready(target).Length),
            target => TrueOrFalse(target.Events.TryPublish(("a", Time))),
            target => AllOrNone(target.Events.TryPublish([("a", Time), ("b", Time)]), 2),
        ],
        ["`PublishAsync`, in every form"] =
        [
            target => Wait(target.Publisher.PublishAsync(new KeyedEvent(target.Handle, Time, 1)).AsTask()),
            target => Wait(target.Processor.PublishAsync(Ready(target)).AsTask()),
            target => Wait(target.Events.PublishAsync(("a", Time)).AsTask()),
            target => Wait(target.Events.PublishAsync(new[] { ("a", Time), ("b", Time) }).AsTask()),
            target => Wait(target.Processor.PublishAsync("a", Time, 1).AsTask()),
            target => Wait(target.Publisher.PublishAsync("a", Time, 1).AsTask()),
            target => Wait(target.Publisher.PublishAsync(target.Handle, Time, [1.0]).AsTask()),
            target => Wait(target.Publisher.PublishBitsAsync("a"u8, Time, [0]).AsTask()),
        ],
        ["`Claim`, then its `Publish`"] = [ClaimAndPublish, ClaimAndDispose],
        ["`TryClaim`, then its `Publish`"] = [TryClaimAndPublish],
        ["`CreatePublisher`, `CreateEventPublisher`"] =
        [
            target => target.Processor.CreatePublisher(Name()), target => target.Processor.CreateEventPublisher(Name()),
        ],
        ["`AdvanceWatermark`, `MarkIdle`, `MarkActive`, `Complete`"] =
        [
            target => target.Publisher.AdvanceWatermark(1), target => target.Publisher.MarkIdle(),
            target => target.Publisher.MarkActive(), target => target.Publisher.Complete(),
        ],
        ["`Dispose` of a publisher"] =
        [
            target => target.Publisher.Dispose(), target => target.Publisher.Dispose(),
        ],
        ["`GetKey`, `Dispose` of a handle"] =
        [
            target => target.Processor.GetKey("a").Dispose(), target => target.Handle.Dispose(),
        ],
        ["`Advance`"] = [target => target.Processor.Advance()],
        ["`FlushAsync`"] = [target => Wait(target.Processor.FlushAsync().AsTask())],
        ["`StopAsync`, `Drain` or `Complete`"] =
        [
            target => Wait(target.Processor.StopAsync()), target => Wait(target.Processor.StopAsync(StopMode.Complete)),
        ],
        ["the same, token cancelled"] =
        [
            target => Wait(target.Processor.StopAsync(StopMode.Complete, new CancellationToken(true))),
        ],
        [Suspend] = [target => Wait(target.Processor.StopAsync(StopMode.Suspend))],
        ["`StopAsync`, `Suspend`, state not durable"] =
        [
            target => Wait(target.Processor.StopAsync(StopMode.Suspend)),
            target => Wait(target.Processor.StopAsync(StopMode.Suspend, new CancellationToken(true))),
        ],
        ["`PublishDurableAsync`, in every form"] =
        [
            target => WaitOrCancel(token => target.Processor.PublishDurableAsync("a", Time, 1, token).AsTask()),
            target => WaitOrCancel(token => target.Processor.PublishDurableAsync(("a", Time), token).AsTask()),
        ],
        ["`WhenDurableAsync`"] = [target => WaitOrCancel(target.Processor.Durability!.WhenDurableAsync)],
        ["`TakeSnapshotAsync`"] = [target => WaitOrCancel(target.Processor.Durability!.TakeSnapshotAsync)],
        [Dump] =
        [
            target => target.Processor.FlightRecorder!.Dump(),
            target => target.Processor.FlightRecorder!.Dump(Path.Combine(target.Directory!, Name())),
            target => target.Processor.FlightRecorder!.GetStats(),
        ],
        ["`StopAsync`, `Abort`"] = [target => Wait(target.Processor.StopAsync(StopMode.Abort))],
        ["`DisposeAsync`"] =
        [
            target => Wait(target.Processor.DisposeAsync().AsTask()),
            target => Wait(target.Processor.DisposeAsync().AsTask()),
        ],
        ["statistics, sources, plan, watermark, `WhyNoResult`, `Why`"] =
        [
            target => target.Processor.GetStats().ToString(), target => target.Processor.GetSources(),
            target => target.Processor.ExplainPlan().ToString(), target => _ = target.Processor.WatermarkTicks,
            target => target.Processor.WhyNoResult().ToString(),
            target => target.Processor.Why("a", new TimeWindow(0, 10)).ToString(),
            target => target.Processor.WhyDropped(DropReason.Late, 0, 5).ToString(),
            target => Assert.NotNull(target.Processor.Completion), target => Assert.NotEmpty(target.Processor.Name),
        ],
        ["`TryReadResult`"] = [ReadAll],
        ["`ReadResultsAsync`"] = [target => Enumerate(token => target.Processor.ReadResultsAsync(token))],
        ["`CreateResultReader`"] = [target => target.Processor.CreateResultReader()],
        ["`TryRead` of a result reader"] = [ReadAllOfReader],
        ["`ReadAllAsync` of a result reader"] = [target => Enumerate(target.Reader.ReadAllAsync)],
        ["`Dispose` of a result reader"] = [target => target.Reader.Dispose(), target => target.Reader.Dispose()],
    };

    /// <summary>Whether a call is one of those that only a processor with a journal has.</summary>
    public static bool NeedsJournal(string call) =>
        call.Contains("Durable", StringComparison.Ordinal) || call == "`TakeSnapshotAsync`";

    /// <summary>Whether a call is one of those that only a processor with files has.</summary>
    public static bool NeedsDirectory(string call) => NeedsJournal(call) || call == Dump;

    /// <summary>Makes a call, and says in the table's words what came of it.</summary>
    public static string OutcomeOf(Action<Target> call, Target target) => OutcomeOf(() => call(target));

    /// <inheritdoc cref="OutcomeOf(Action{Target}, Target)"/>
    public static string OutcomeOf(Action call)
    {
        try
        {
            call();
            return "works";
        }
        catch (OutcomeException outcome)
        {
            return outcome.Message;
        }
        catch (Exception exception)
        {
            return WordFor(exception);
        }
    }

    private static string WordFor(Exception exception) => exception switch
    {
        ResultBufferFullException => "full",
        EngineHeldException => "held",
        ProcessorStoppedException => "stopped",
        PipelineException => "failed",
        OperationCanceledException => "cancelled",
        ObjectDisposedException => exception.Message,
        InvalidOperationException => "refused",
        _ => exception.ToString(),
    };

    internal static string Name() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    internal static void Wait(Task task) => task.GetAwaiter().GetResult();

    internal static void WaitOrCancel(Func<CancellationToken, Task> call)
    {
        using var cancellation = new CancellationTokenSource();
        var task = call(cancellation.Token);
        if (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(LongestSync))
        {
            cancellation.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => Wait(task));
            throw new OutcomeException("waits");
        }

        Wait(task);
    }

    internal static void TrueOrFalse(bool published)
    {
        if (!published)
            throw new OutcomeException("false");
    }

    internal static void AllOrNone(int published, int all)
    {
        if (published != all)
            throw new OutcomeException(published == 0 ? "false" : $"{published} of {all}");
    }

    private static KeyedEvent[] Ready(Target target) =>
        [new(target.Handle, Time, 1), new(target.Handle, DateTimeOffset.UnixEpoch, 1)];

    private static void TryClaimAndPublish(Target target)
    {
        TrueOrFalse(target.Processor.TryClaim(2, out var claim));
        claim.Add("a", Time, 1);
        claim.Publish();
    }

    private static void ClaimAndPublish(Target target)
    {
        var claim = target.Publisher.Claim(2);
        claim.Add("a", Time, 1);
        claim.Publish();
    }

    private static void ClaimAndDispose(Target target)
    {
        using var claim = target.Processor.Claim(2);
        claim.Add("a", Time, 1);
    }

    private static void ReadAll(Target target)
    {
        while (target.Processor.TryReadResult(out _))
        {
        }
    }

    private static void ReadAllOfReader(Target target)
    {
        while (target.Reader.TryRead(out _))
        {
        }
    }

    internal static void Enumerate(Func<CancellationToken, IAsyncEnumerable<WindowResult<string>>> read) =>
        EnumerateAsync(read).GetAwaiter().GetResult();

    private static async Task EnumerateAsync(Func<CancellationToken, IAsyncEnumerable<WindowResult<string>>> read)
    {
        using var cancellation = new CancellationTokenSource();
        await using var results = read(cancellation.Token).GetAsyncEnumerator();
        while (true)
        {
            var move = results.MoveNextAsync();
            if (!move.IsCompleted)
            {
                cancellation.Cancel();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move.AsTask());
                throw new OutcomeException("waits");
            }

            if (!await move)
                return;
        }
    }
}
