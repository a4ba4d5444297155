using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests;

public sealed class StreamProcessorHealthCheckExtensionsTests
{
    [Theory]
    [InlineData(
        new[] { "calls" },
        "The health checks name the processor 'cals', and the host has none of that name; there are: calls.")]
    [InlineData(
        new[] { "calls", "jobs" },
        "The health checks name the processor 'cals', and the host has none of that name; there are: calls, jobs.")]
    [InlineData(
        new string[0],
        "The health checks name the processor 'cals', and the host has none of that name; it has no processors: add "
            + "one with AddStreamProcessor.")]
    public async Task StartAsync_WrongName_IsRefusedWithThoseThereAre(string[] names, string expected)
    {
        var builder = Hosts.New();

        // Before the processors, as the order must not matter.
        builder.Services.AddHealthChecks().AddStreamProcessor("cals");
        foreach (var name in names)
            builder.Services.AddStreamProcessor<Reading>(name, b => b.Pipeline(Hosts.CountPerSecond).To<ListSink>());
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public async Task StartAsync_RightName_Starts()
    {
        var builder = Hosts.New();
        builder.Services.AddHealthChecks().AddStreamProcessor("calls");
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond).To<ListSink>());
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
    }
}
