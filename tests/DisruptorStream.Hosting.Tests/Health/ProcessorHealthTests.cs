using DisruptorStream.Emission;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests.Health;

/// <summary>Every state of health, there and back, by a clock that is moved by hand.</summary>
public sealed class ProcessorHealthTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Check_Life_IsReadyOnlyWhileItRuns()
    {
        using var probe = new HealthProbe(ExecutionMode.Fused);
        await Expect(HealthStatus.Healthy, probe.LiveAsync());
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "Processor 'calls': it has not been started.");

        await probe.StartAsync();
        await Expect(HealthStatus.Healthy, probe.LiveAsync());
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        await probe.StopAsync();
        await Expect(HealthStatus.Unhealthy, probe.LiveAsync(), "was stopped");
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "Processor 'calls': it was stopped.");
    }

    [Fact]
    public async Task Check_Fault_IsNeitherReadyNorAlive()
    {
        using var probe = new HealthProbe(ExecutionMode.Fused);
        await probe.StartAsync();
        probe.Sink.Failures = 1;
        probe.Publish(second: 0);
        probe.Publish(second: 5);
        await Assert.ThrowsAsync<PipelineException>(() => probe.Processor.Completion);

        var live = await Expect(HealthStatus.Unhealthy, probe.LiveAsync(), "has failed");
        Assert.Contains("IOException: the disk is full", live.Description, StringComparison.Ordinal);
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "it has failed");
        Assert.IsType<PipelineException>(live.Exception);
        await probe.StopAsync();
    }

    [Fact]
    public async Task Check_DropRate_IsThatOfTheRecentInterval()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline);
        await probe.StartAsync();
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        probe.Publish(second: 100, count: 1000);
        await Next(probe, HealthStatus.Healthy);

        // Two of 200 are just one in a hundred; three are more.
        probe.Publish(second: 100, count: 198);
        probe.Publish(second: 1, count: 2);
        await Next(probe, HealthStatus.Healthy);
        probe.Publish(second: 100, count: 197);
        probe.Publish(second: 1, count: 3);
        await Next(probe, HealthStatus.Degraded, "1.5 % of the recent events were dropped");

        // Too few to be judged by themselves: they count with those before, and with those after.
        probe.Publish(second: 100, count: 99);
        await Next(probe, HealthStatus.Degraded, "1.0 % of the recent events were dropped");
        probe.Publish(second: 100, count: 1);
        await Next(probe, HealthStatus.Healthy);
    }

    [Fact]
    public async Task Check_SlowStream_IsJudgedOverAsLongAsItTakes()
    {
        // Late events do not move the watermark: that is not in question here.
        using var probe = new HealthProbe(
            ExecutionMode.Inline, configure: options => options.WatermarkStallLimit = TimeSpan.FromDays(1));
        await probe.StartAsync();
        probe.Publish(second: 100, count: 1);
        probe.Publish(second: 1, count: 50);
        await Next(probe, HealthStatus.Healthy);
        probe.Publish(second: 1, count: 50);
        await Next(probe, HealthStatus.Degraded, "99.0 % of the recent events were dropped");
        for (var check = 0; check < 10; check++)
        {
            probe.Publish(second: 1, count: 50);
            await Next(probe, HealthStatus.Degraded, "of the recent events were dropped");
        }

        // Nothing comes: nothing shows that it is better.
        await Next(probe, HealthStatus.Degraded);
        for (var check = 0; check < 4; check++)
        {
            probe.Publish(second: 100, count: 50);
            probe.Clock.Advance(Interval);
            await probe.ReadyAsync();
        }

        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
    }

    [Fact]
    public async Task Check_TwoWhoAskASecondApart_Agree()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline);
        await probe.StartAsync();
        for (var round = 0; round < 6; round++)
        {
            var isBad = round % 2 == 1;
            var expected = isBad ? HealthStatus.Degraded : HealthStatus.Healthy;
            probe.Publish(second: 100, count: 150);
            probe.Publish(second: isBad ? 1 : 100, count: 50);
            await Next(probe, expected);
            probe.Clock.Advance(TimeSpan.FromSeconds(1));
            await Expect(expected, probe.ReadyAsync());
        }
    }

    [Fact]
    public async Task Check_SeveralWhoAsk_DoNotShortenTheInterval()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline);
        await probe.StartAsync();
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        probe.Publish(second: 100, count: 150);
        probe.Publish(second: 1, count: 50);

        await Expect(HealthStatus.Degraded, probe.ReadyAsync());
        await Expect(HealthStatus.Degraded, probe.ReadyAsync());
        probe.Clock.Advance(Interval);
        await Expect(HealthStatus.Degraded, probe.ReadyAsync());
        await Expect(HealthStatus.Degraded, probe.ReadyAsync());
        probe.Publish(second: 100, count: 100);
        await Next(probe, HealthStatus.Healthy);
    }

    [Theory]
    [InlineData(WindowOverflowPolicy.EvictOldest, "1 windows were given up of late, because a key had 3")]
    [InlineData(WindowOverflowPolicy.RejectEvent, "1 recent events were dropped because too many windows were open")]
    public async Task Check_WindowsPerKeyAtTheirLimit_IsDegradedWhereOneWasLost(
        WindowOverflowPolicy overflow, string text)
    {
        using var probe = new HealthProbe(
            ExecutionMode.Inline,
            events => events
                .KeyBy(one => one.Key)
                .EventTime(one => one.Ticks)
                .SessionWindows(TimeSpan.FromSeconds(1))
                .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromDays(1) })
                .AllowedLateness(TimeSpan.Zero)
                .Aggregate(a => a.Count("events")),
            processor: options =>
            {
                options.MaxWindowsPerKey = 3;
                options.WindowOverflow = overflow;
            });
        await probe.StartAsync();
        for (var session = 0; session < 3; session++)
            probe.Publish(session * 10);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        probe.Publish(second: 30);
        await Expect(HealthStatus.Degraded, probe.ReadyAsync(), text);

        // Long ago once enough events came that cost nothing.
        probe.Publish(second: 20, count: 200);
        await Next(probe, HealthStatus.Degraded, text);
        probe.Publish(second: 20, count: 200);
        await Next(probe, HealthStatus.Healthy);
    }

    [Fact]
    public async Task Check_SlicesAtTheirLimit_IsDegradedWhereAnEventWasRefused()
    {
        using var probe = new HealthProbe(
            ExecutionMode.Inline,
            events => events
                .KeyBy(one => one.Key)
                .EventTime(one => one.Ticks)
                .TumblingWindows(TimeSpan.FromSeconds(1))
                .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromDays(1) })
                .AllowedLateness(TimeSpan.Zero)
                .Aggregate(a => a.Count("events")),
            processor: options => options.MaxSlices = 3);
        await probe.StartAsync();
        for (var second = 0; second < 3; second++)
            probe.Publish(second);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        probe.Publish(second: 3);
        await Expect(
            HealthStatus.Degraded,
            probe.ReadyAsync(),
            "1 recent events were dropped because too many windows were open");
    }

    [Fact]
    public async Task Check_AClockIsFarAhead_IsDegradedOnceItsEventIsRefused()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline, events => events
            .KeyBy(one => one.Key)
            .EventTime(one => one.Ticks)
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Watermarks(new WatermarkOptions
            {
                JumpGuard = new JumpGuardOptions(TimeSpan.FromHours(1)) { Keys = 2, Events = 2 },
            })
            .Aggregate(a => a.Count("events")));
        await probe.StartAsync();
        probe.Publish(second: 0);
        probe.Publish(second: 1);
        probe.Publish(second: 7200);
        var held = await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        Assert.Equal(1L, held.Data["eventsHeld"]);
        Assert.Equal(0L, held.Data["jumpsRefused"]);

        probe.Publish(second: 2);
        const string Text = "1 recent events were dropped: they were far ahead of their sources";
        var refused = await Expect(HealthStatus.Degraded, probe.ReadyAsync(), Text);
        Assert.Equal(0L, refused.Data["eventsHeld"]);
        Assert.Equal(1L, refused.Data["jumpsRefused"]);
    }

    [Fact]
    public async Task Check_ActiveWindows_AboveTheLimitPerKeyAreTooMany()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline, events => events
            .KeyBy(one => one.Key)
            .EventTime(one => one.Ticks)
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromDays(1) })
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("events")));
        await probe.StartAsync();
        for (var second = 0; second < 1000; second++)
            probe.Publish(second);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        probe.Publish(second: 1000);
        await Expect(HealthStatus.Degraded, probe.ReadyAsync(), "1001 windows are open for 1 keys, more than 1000");

        probe.Publisher.AdvanceWatermark(500 * TimeSpan.TicksPerSecond);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
    }

    [Theory]
    [InlineData(90, HealthStatus.Healthy)]
    [InlineData(200, HealthStatus.Degraded)]
    public async Task Check_Latency_AboveTheLimitIsDegradedUntilItIsLongAgo(int milliseconds, HealthStatus expected)
    {
        using var probe = new HealthProbe(ExecutionMode.Fused);
        probe.Publish(second: 0);
        probe.Publish(second: 5);
        probe.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await probe.StartAsync();
        await probe.Processor.FlushAsync();
        await Expect(expected, probe.ReadyAsync(), expected == HealthStatus.Degraded ? "ms at p99" : "keeps up");

        probe.Clock.Advance(TimeSpan.FromMinutes(2));
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        await probe.StopAsync();
    }

    [Fact]
    public async Task Check_WatermarkStands_NamesTheSourceThatHoldsIt()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline);
        await probe.StartAsync();
        using var slow = probe.Processor.CreateEventPublisher("slow");
        slow.Publish(new Reading("b", 0, 1));
        probe.Publish(second: 1);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        // Nothing comes from anyone: quiet, not stalled.
        probe.Clock.Advance(TimeSpan.FromMinutes(10));
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        // The first event after the quiet: from here on it stands.
        probe.Publish(second: 2);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        probe.Clock.Advance(TimeSpan.FromSeconds(60));
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        probe.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(
            HealthStatus.Degraded, probe.ReadyAsync(), "has stood for 00:01:01, held by source 'slow'");

        slow.Publish(new Reading("b", 2 * TimeSpan.TicksPerSecond, 1));
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        probe.Clock.Advance(TimeSpan.FromSeconds(60));
        probe.Publish(second: 3);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        probe.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(HealthStatus.Degraded, probe.ReadyAsync(), "held by source 'slow'");
    }

    /// <summary>A quiet stream is none the worse, and who asks is told what its windows wait for.</summary>
    [Fact]
    public async Task Check_WindowsAreOpenAndNothingComes_SaysForWhatTheyWait()
    {
        using var probe = new HealthProbe(
            ExecutionMode.Inline, processor: options => options.AdvanceWhenQuiet = null);
        await probe.StartAsync();
        probe.Publish(second: 0);
        probe.Clock.Advance(TimeSpan.FromSeconds(5));
        var quiet = await Expect(HealthStatus.Healthy, probe.ReadyAsync());
        const string Summary = "1 window is open until 1970-01-01 00:00:01, and the watermark is 1970-01-01 00:00:00, "
            + "held by 'calls'; no event for 5 s";
        Assert.Equal($"Processor 'calls' keeps up; {Summary}.", quiet.Description);
        Assert.Equal(Summary, quiet.Data["why"]);
    }

    [Fact]
    public async Task Check_SinkFailsInARow_IsUnhealthyUntilItWorks()
    {
        using var probe = new HealthProbe(ExecutionMode.Inline, policy: SinkFailurePolicy.Skip);
        await probe.StartAsync();
        probe.Sink.Failures = 3;
        probe.Publish(second: 0);
        probe.Publish(second: 1);
        probe.Publish(second: 2);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        probe.Publish(second: 3);
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "a sink failed 3 times in a row");
        await Expect(HealthStatus.Healthy, probe.LiveAsync());

        probe.Publish(second: 4);
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
    }

    [Fact]
    public async Task StartAsync_ThresholdOutOfRange_FailsWithNameValueAndRange()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond));
        builder.Services.AddHealthChecks().AddStreamProcessor("calls", options => options.DropRateLimit = 2);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(
            "calls.DropRateLimit must be between 0 and 1; it was 2", error.Message, StringComparison.Ordinal);
    }

    private static Task<HealthReportEntry> Next(HealthProbe probe, HealthStatus expected, string text = "")
    {
        probe.Clock.Advance(Interval);
        return Expect(expected, probe.ReadyAsync(), text);
    }

    private static async Task<HealthReportEntry> Expect(
        HealthStatus expected, Task<HealthReportEntry> checking, string text = "")
    {
        var entry = await checking;
        Assert.True(entry.Status == expected, $"{entry.Status}: {entry.Description}");
        Assert.Contains(text, entry.Description, StringComparison.Ordinal);
        return entry;
    }
}
