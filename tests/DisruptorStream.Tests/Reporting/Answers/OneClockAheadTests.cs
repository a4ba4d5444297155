using DisruptorStream.Events;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Reporting.Answers;

/// <summary>
/// The story of ten thousand sensors that report each second, and of one whose clock is an hour ahead.
/// </summary>
public sealed class OneClockAheadTests
{
    private const int Sensors = 10_000;
    private const int Seconds = 20;
    private const int Liar = 4_321;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// In a replay the clock does not help. Without a guard the ledger names the first event that lied.
    /// </summary>
    [Fact]
    public async Task Replay_WithoutAGuard_TheLedgerNamesTheCulprit()
    {
        await using var processor = Build(new WatermarkOptions(), skew: null, Start.AddYears(1));
        var sequence = Publish(processor, clock: null);
        var answer = processor.WhyNoResult();
        Assert.True(answer.Stats.LateDropped > (Seconds - 2) * (Sensors - 1));
        var culprit = Assert.NotNull(answer.Culprit);
        Assert.Equal("default", culprit.Source);
        Assert.Equal(Ticks(Start.AddHours(1)), culprit.TimestampTicks);
        Assert.Equal(answer.Stats.LateDropped, culprit.EventsLate);
        Assert.Equal(sequence, culprit.Sequence);
        Assert.NotNull(answer.ProposedGuard);
        Assert.InRange(answer.ProposedGuard.Jump, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(30));
        Assert.Contains("JumpGuardOptions", answer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>With the guard that the ledger proposes, no event of the others is lost.</summary>
    [Fact]
    public async Task Replay_WithAGuard_NoEventOfTheOthersIsLost()
    {
        var sink = new CollectingSink<int>();
        await using var processor = Build(
            new WatermarkOptions { JumpGuard = new JumpGuardOptions(TimeSpan.FromSeconds(30)) },
            skew: null,
            Start.AddYears(1),
            sink);
        Publish(processor, clock: null);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        CheckNothingLost(processor, sink, DropReason.TimestampJump);
    }

    /// <summary>Live the processor's own clock is enough.</summary>
    [Fact]
    public async Task Live_TheClockRefusesTheLiar_NoEventOfTheOthersIsLost()
    {
        var sink = new CollectingSink<int>();
        var clock = new FakeTimeProvider(Start);
        await using var processor = Build(
            new WatermarkOptions(), TimeSpan.FromMinutes(5), clock, sink);
        Publish(processor, clock);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        CheckNothingLost(processor, sink, DropReason.FutureSkew);
    }

    private static void CheckNothingLost(
        StreamProcessor<int> processor, CollectingSink<int> sink, DropReason reason)
    {
        var stats = processor.GetStats();
        Assert.Equal(0, stats.LateDropped);
        Assert.InRange(stats.DroppedBy(reason), 1, Seconds);
        Assert.Equal(stats.EventsDropped, stats.DroppedBy(reason));
        var others = sink.Results.Where(result => result.Key != Liar).Sum(result => result.GetInt64("count"));
        Assert.Equal((Sensors - 1L) * Seconds, others);
        Assert.Equal(NoResultReason.None, processor.WhyNoResult().Reason);
    }

    private static StreamProcessor<int> Build(
        WatermarkOptions watermarks, TimeSpan? skew, DateTimeOffset now, CollectingSink<int>? sink = null) =>
        Build(watermarks, skew, new FakeTimeProvider(now), sink);

    private static StreamProcessor<int> Build(
        WatermarkOptions watermarks, TimeSpan? skew, FakeTimeProvider clock, CollectingSink<int>? sink = null) =>
        StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .AllowedLateness(TimeSpan.Zero)
            .Watermarks(watermarks)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { FutureSkewLimit = skew })
            .WithTimeProvider(clock)
            .To(sink ?? new CollectingSink<int>())
            .Build();

    /// <summary>Publishes it all. Returns the sequence of the first event of the liar, as the first is at 2.</summary>
    private static long Publish(StreamProcessor<int> processor, FakeTimeProvider? clock)
    {
        for (var second = 0; second < Seconds; second++)
        {
            for (var sensor = 0; sensor < Sensors; sensor++)
            {
                var ahead = sensor == Liar ? TimeSpan.FromHours(1) : TimeSpan.Zero;
                processor.Publish(sensor, Start.AddSeconds(second) + ahead, 1);
            }

            clock?.Advance(TimeSpan.FromSeconds(1));
        }

        return 2 + Liar;
    }

    private static long Ticks(DateTimeOffset time) => time.UtcTicks - DateTime.UnixEpoch.Ticks;
}
