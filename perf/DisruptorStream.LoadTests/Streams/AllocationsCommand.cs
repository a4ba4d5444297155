using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.Streams;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>
/// Shows that five queries on a stream, one of them a list whose panes another query reads, allocate nothing for
/// events and panes, however long it runs.
/// </summary>
internal static class AllocationsCommand
{
    /// <summary>A few buffers of the runtime's own threads; per event it is nothing.</summary>
    private const long NoiseBytes = 1_000_000;

    private const int CycleEvents = 100_000;
    private const int BatchEvents = 256;

    public static Command Create()
    {
        var events = SizeOption.One("--events", "Events of each run.", 100_000_000L);
        var mode = new Option<ExecutionMode?>("--mode") { Description = "Inline, Fused or Staged; all by default." };
        var command = new Command(
            "allocations", "Bytes that five queries on one stream allocate for each event and pane: none.")
        {
            events,
            mode,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(events), parsed.GetValue(mode)));
        return command;
    }

    private static async Task<int> RunAsync(long events, ExecutionMode? only)
    {
        var checklist = new Checklist();
        var calls = Calls.Generate(CycleEvents);
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged })
        {
            if (only is null || only == mode)
                await RunAsync(calls, events, mode, checklist);
        }

        return checklist.Conclude();
    }

    private static async Task RunAsync(Call[] calls, long events, ExecutionMode mode, Checklist checklist)
    {
        var sinks = new Sinks();
        var stream = New(mode, sinks);
        await using (stream.ConfigureAwait(false))
        {
            stream.Start();
            var cycles = 0L;

            // Enough for all keys, windows and sketches to have been there.
            for (; cycles < 40; cycles++)
                Publish(stream, calls, cycles, CycleEvents);
            await stream.FlushAsync();
            var (panes, bytes) = (sinks.Panes, GC.GetTotalAllocatedBytes(precise: true));
            var collections = GC.CollectionCount(0);
            for (var left = events; left > 0; left -= CycleEvents)
                Publish(stream, calls, cycles++, (int)Math.Min(left, CycleEvents));
            await stream.FlushAsync();
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            (panes, collections) = (sinks.Panes - panes, GC.CollectionCount(0) - collections);
            checklist.Check(
                $"{mode}, allocation",
                bytes < Math.Min(NoiseBytes, events / 100),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{events:N0} events, {panes:N0} panes, {bytes:N0} bytes in all: {(double)bytes / events:F5} per "
                    + $"event, {(double)bytes / panes:F5} per pane"));
            checklist.Check($"{mode}, collections", collections == 0, $"{collections}");
            checklist.Check(
                $"{mode}, panes of every query",
                sinks.Counts.All(count => count > 0) && panes > events / 100,
                string.Join(", ", sinks.Counts));
            await stream.StopAsync(StopMode.Complete);
        }
    }

    private static void Publish(EventStream<Call> stream, Call[] calls, long cycle, int count)
    {
        for (var index = 0; index < calls.Length; index++)
            calls[index] = calls[index] with { Ticks = Calls.TicksOf((cycle * CycleEvents) + index) };
        for (var first = 0; first < count; first += BatchEvents)
            stream.Publish(calls.AsSpan(first, Math.Min(BatchEvents, count - first)));
    }

    private static EventStream<Call> New(ExecutionMode mode, Sinks sinks)
    {
        var second = TimeSpan.FromSeconds(1);
        return CallStream.WithKeys("model", "tenant", "user")
            .Query("models", query => query.By("model").SlidingWindows(second * 10, second)
                .Aggregate(a => a.Percentiles("latency", 50, 95, 99)).To(sinks.Models))
            .Query("errors", query => query.Where(call => call.Status >= 500).By("model").TumblingWindows(second)
                .Aggregate(a => a.Count("errors")).To(sinks.Errors))
            .Query("tenants", query => query.By("tenant").TumblingWindows(second, second * 5, second * 20)
                .Aggregate(a => a.Sum("tokens").Sum("cost")).To(sinks.Tenants))
            .Query("users", query => query.By<int>("user").SessionWindows(second / 20)
                .Aggregate(a => a.Count("calls").Sum("cost")).To(sinks.Users))
            .Query("spenders", query => query.By<string, int>("model", "user").TumblingWindows(second)
                .Aggregate(a => a.Sum("cost")).Top(10, by: "cost", within: "model").To(sinks.Spenders))
            .Query("spending", query => query.From("spenders").By("model").TumblingWindows(second * 10)
                .Aggregate(a => a.Sum("cost").Max("dearest", "cost")).To(sinks.Spending))
            .WithOptions(new StreamProcessorOptions
            {
                Mode = mode,
                FutureSkewLimit = null,
                LateEventThreshold = second * 2,
            })
            .Build();
    }

    private sealed class Sinks
    {
        public PaneDigest<string> Models { get; } = new();

        public PaneDigest<string> Errors { get; } = new();

        public PaneDigest<string> Tenants { get; } = new();

        public PaneDigest<int> Users { get; } = new();

        public PaneDigest<(string, int)> Spenders { get; } = new();

        public PaneDigest<string> Spending { get; } = new();

        public IReadOnlyList<long> Counts =>
            [Models.Count, Errors.Count, Tenants.Count, Users.Count, Spenders.Count, Spending.Count];

        public long Panes =>
            Models.Count + Errors.Count + Tenants.Count + Users.Count + Spenders.Count + Spending.Count;
    }
}
