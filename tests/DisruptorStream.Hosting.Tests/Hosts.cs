using DisruptorStream.Building;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Makes hosts that read and write nothing outside.</summary>
internal static class Hosts
{
    public static HostApplicationBuilder New(params (string Key, string? Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            configuration.Select(one => KeyValuePair.Create(one.Key, one.Value)));
        builder.Services.AddSingleton<LogList>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<LogList>());
        return builder;
    }

    /// <summary>Counts the readings of each second.</summary>
    public static BuildStep<Reading, string> CountPerSecond(TypedEventsStep<Reading> events) =>
        events.KeyBy(one => one.Key)
            .EventTime(one => one.Ticks)
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("events"));

    /// <summary>Waits until something is so, which other threads bring about.</summary>
    /// <exception cref="OperationCanceledException">It was not so in time.</exception>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public static HostedProcessor Processor(this IHost host, string name) =>
        host.Services.GetRequiredKeyedService<HostedProcessor>(name);

    public static IReadOnlyList<string> LogsOf(this IHost host, int id) =>
        [.. host.Services.GetRequiredService<LogList>().Lines.Where(line => line.Id == id).Select(line => line.Text)];
}
