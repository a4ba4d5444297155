using System.Globalization;
using DisruptorStream.Building.Streams;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Sessions;

/// <summary>
/// Events that are gathered have more words beside their slots than measures: the ids of further keys, and the bits of
/// filters.
/// </summary>
public sealed class SessionBatchTests
{
    private const int Events = 4_000;
    private const int Keys = 30;

    private readonly record struct Call(long Time, string Model, string Tenant, int User, double Cost, int Status);

    /// <summary>Two events of a key in a row are 30 ticks apart, so each key has one session.</summary>
    [Fact]
    public Task Fold_FilteredSessions_FoldsEachEvent() => VerifyAsync(query => query
        .Where(call => call.Status < 600).By<int>("user").SessionWindows(TimeSpan.FromTicks(100))
        .Aggregate(a => a.Count("calls").Sum("failed", "cost", where: call => call.Status >= 500)));

    /// <summary>
    /// A silence starts after each event but those of the last 20 ticks, and ends before each but the first of its key.
    /// </summary>
    [Fact]
    public Task Fold_FilteredSilences_FoldsEachEvent() => VerifyAsync(
        query => query
            .Where(call => call.Status < 600).By<int>("user").Silence(TimeSpan.FromTicks(20))
            .Aggregate(a => a.Count("calls").Sum("failed", "cost", where: call => call.Status >= 500)),
        expectedCalls: Events - 20 + Events - Keys);

    /// <summary>An event is in two windows.</summary>
    [Fact]
    public Task Fold_SlidingWindowsByTheTimeOfEachKey_FoldsEachEvent() => VerifyAsync(
        query => query
            .By<int>("user").SlidingWindows(TimeSpan.FromTicks(200), TimeSpan.FromTicks(100))
            .WatermarksPerKey(TimeSpan.FromTicks(5))
            .Aggregate(a => a.Count("calls").Sum("failed", "cost", where: call => call.Status >= 500)),
        expectedCalls: 2 * Events);

    [Fact]
    public Task Fold_FilteredWindowsOfOwn_FoldsEachEvent() => VerifyAsync(query => query
        .Where(call => call.Status < 600).By<int>("user").CustomWindows(new Hundreds())
        .Aggregate(a => a.Count("calls").Sum("failed", "cost", where: call => call.Status >= 500)));

    private static async Task VerifyAsync(
        Func<QueryStep<Call>, QueryOutputStep<Call, int>> query, int expectedCalls = Events)
    {
        var inline = await RunAsync(query, ExecutionMode.Inline);
        Assert.Equal(expectedCalls, inline.Sum(line => line.Calls));
        Assert.Equal(expectedCalls / 10, inline.Sum(line => line.Failed));
        foreach (var mode in (ExecutionMode[])[ExecutionMode.Fused, ExecutionMode.Staged])
            Assert.Equal(inline, await RunAsync(query, mode));
    }

    private static async Task<List<(string Window, double Calls, double Failed)>> RunAsync(
        Func<QueryStep<Call>, QueryOutputStep<Call, int>> query, ExecutionMode mode)
    {
        await using var calls = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("model", call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("tested", query)
            .Query("models", models => models.Where(call => call.Status < 500).By("model")
                .TumblingWindows(TimeSpan.FromTicks(1_000)).Aggregate(a => a.Count("calls")))
            .WithOptions(new StreamProcessorOptions { Mode = mode, ResultBufferSize = 10_000 })
            .Build();

        // All are there when the worker begins: one batch.
        var events = new Call[Events];
        for (var i = 0; i < Events; i++)
            events[i] = new Call(i, "m" + (i % 3), "t" + (i % 2), i % Keys, Cost: 1, i % 10 == 0 ? 503 : 200);
        calls.Publish(events);
        if (mode != ExecutionMode.Inline)
            calls.Start();
        await calls.StopAsync(StopMode.Complete);

        var lines = new List<(string, double, double)>();
        while (calls.Query<int>("tested").TryReadResult(out var row))
        {
            lines.Add((
                string.Create(CultureInfo.InvariantCulture, $"{row.Key} {row.Window} {row.Timing}"),
                row["calls"],
                row["failed"]));
        }

        return lines;
    }

    private readonly struct Hundreds : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 1;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            var start = timestampTicks / 100 * 100;
            windows[0] = new TimeWindow(start, start + 100);
            return 1;
        }
    }
}
