using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Tests.Registration;

/// <summary>Sinks are found in the container by their names, and health tells of each.</summary>
public sealed class NamedSinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task To_TwoSinksOfAType_EachGetsAllResults()
    {
        using var host = Build("first", "second");
        await host.StartAsync(Token);
        host.Services.GetRequiredService<EventPublisher<string>>().Publish("a");
        await host.Services.GetRequiredService<StreamProcessor<string, string>>().FlushAsync(Token);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        await host.StopAsync(Token);

        foreach (var name in (string[])["first", "second"])
            Assert.Single(host.Services.GetRequiredKeyedService<CollectingAsyncSink<string>>(name).Results);
        var data = health.Entries["calls-ready"].Data;
        Assert.Equal("CollectingAsyncSink<string>", data["sink2.name"]);
        Assert.Equal([0L, 0L, 0L], [data["sink2.resultsWaiting"], data["sink2.failures"], data["sink2.retries"]]);
        Assert.True(data.ContainsKey("sink2.numberHeld"));
    }

    [Fact]
    public async Task To_NameThatIsNotThere_KeepsTheHostFromStarting()
    {
        using var host = Build("first", "third");

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Token));

        Assert.Contains("no sink 'third' of type CollectingAsyncSink<string>", failed.ToString());
    }

    private static IHost Build(params string[] names)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddKeyedSingleton("first", (_, _) => new CollectingAsyncSink<string>());
        builder.Services.AddKeyedSingleton("second", (_, _) => new CollectingAsyncSink<string>());
        builder.Services.AddStreamProcessor<string>("calls", b =>
        {
            var step = b.Pipeline(calls => calls
                .KeyBy(call => call)
                .EventTime(_ => 0L)
                .TumblingWindows(TimeSpan.FromSeconds(10))
                .Aggregate(a => a.Count("calls")));
            foreach (var name in names)
                step = step.To<CollectingAsyncSink<string>>(name, new AsyncSinkOptions());
            return step;
        });
        builder.Services.AddHealthChecks().AddStreamProcessor("calls");
        return builder.Build();
    }
}
