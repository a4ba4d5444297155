using DisruptorStream.Emission;
using DisruptorStream.Watermarks;
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
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "it is Created");

        await probe.StartAsync();
        await Expect(HealthStatus.Healthy, probe.LiveAsync());
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());

        await probe.StopAsync();
        await Expect(HealthStatus.Unhealthy, probe.LiveAsync(), "was stopped");
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "it is Stopped");
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
        await Expect(HealthStatus.Unhealthy, probe.ReadyAsync(), "it is Faulted");
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

        // Too few to be judged, and then enough that are in time.
        probe.Publish(second: 1, count: 99);
        await Next(probe, HealthStatus.Healthy);
        probe.Publish(second: 100, count: 200);
        await Next(probe, HealthStatus.Healthy);
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
        await Expect(HealthStatus.Healthy, probe.ReadyAsync());
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

        probe.Publisher.Watermark(500 * TimeSpan.TicksPerSecond);
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
