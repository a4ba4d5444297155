using DisruptorStream.Hosting.Tests.Sources;
using DisruptorStream.Sources;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Tests.Health;

/// <summary>A source that cannot be read is told, and that it goes well again.</summary>
public sealed class SourceHealthTests
{
    [Fact]
    public async Task Check_ASourceFails_IsDegradedUntilItIsReadAgain()
    {
        var source = new FewReadings { IsBroken = true };
        var quick = new SourceOptions
        {
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetryDelay = TimeSpan.FromMilliseconds(1),
        };
        using var probe = new HealthProbe(
            ExecutionMode.Fused, events => Hosts.CountPerSecond(events).ReadFrom("few", source, quick));
        await probe.StartAsync();
        await Hosts.UntilAsync(() => probe.Processor.GetStats().Readers[0].ConsecutiveFailures > 1);

        var entry = await probe.ReadyAsync();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("the source 'few' cannot be read, ", entry.Description, StringComparison.Ordinal);
        Assert.Contains("(IOException: The wire is cut)", entry.Description, StringComparison.Ordinal);
        Assert.Equal("IOException: The wire is cut.", entry.Data["reader.few.lastFailure"]);

        source.IsBroken = false;
        await Hosts.UntilAsync(() => probe.Processor.GetStats().Readers[0].Lag == 0);

        entry = await probe.ReadyAsync();
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal("Reading", entry.Data["reader.few.state"]);
        Assert.Equal(10L, entry.Data["reader.few.eventsPublished"]);
        Assert.Equal(0L, entry.Data["reader.few.recordsRejected"]);
        Assert.Equal("10", entry.Data["reader.few.position"]);
        Assert.Equal(0L, entry.Data["reader.few.lag"]);
        await probe.StopAsync();
    }
}
