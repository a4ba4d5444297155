using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Whether a sliding window's sum, after very many events, is that of its own events alone.</summary>
internal static class DriftCommand
{
    private const int EventsPerSlide = 100_000;
    private const int SlidesPerWindow = 10;

    public static Command Create()
    {
        var events = SizeOption.One(
            "--events", "How many events run before the windows that are compared.", 1_000_000_000L);
        var command = new Command(
            "drift", "Sliding sums after many events against a fresh run over the last windows' events: the same bits.")
        {
            events,
        };
        command.SetAction(async (parsed, _) =>
        {
            var checks = new Checklist();
            await CheckAsync(checks, parsed.GetValue(events));
            return checks.Conclude();
        });
        return command;
    }

    public static async Task CheckAsync(Checklist checks, long events)
    {
        var end = events / EventsPerSlide * EventsPerSlide;
        var begin = Math.Max(0, end - (2L * SlidesPerWindow * EventsPerSlide));
        var started = Stopwatch.GetTimestamp();
        var aged = await SumsAsync(0, end);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var fresh = await SumsAsync(begin, end);

        var compared = 0;
        var differences = 0;

        // Windows that begin before the fresh run does have fewer events there.
        foreach (var (window, bits) in fresh.Where(pane => pane.Key >= begin / EventsPerSlide))
        {
            compared++;
            if (aged[window] != bits)
                differences++;
        }

        checks.Check(
            string.Create(
                CultureInfo.InvariantCulture, $"{end:N0} events at {end / seconds / 1e6:F1} M/s, windows compared"),
            compared >= SlidesPerWindow,
            $"{compared}");
        checks.Check("windows whose sum differs in any bit", differences == 0, $"{differences}");
    }

    /// <summary>The bits of the sums of the last windows, by the number of the slide that they begin with.</summary>
    private static async Task<Dictionary<long, long>> SumsAsync(long begin, long end)
    {
        var sink = new LastSums(capacity: 4 * SlidesPerWindow);
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(TimeSpan.FromSeconds(SlidesPerWindow), TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Sum("sum"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Fused, FutureSkewLimit = null })
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("drift");
        using var key = processor.GetKey(1);
        for (var next = begin; next < end;)
        {
            using var claim = publisher.Claim((int)Math.Min(512, end - next));
            for (var i = 0; i < claim.Capacity; i++, next++)
                claim.Add(key, next / EventsPerSlide * TimeSpan.TicksPerSecond, ValueOf(next));
            claim.Publish();
        }

        await processor.StopAsync(StopMode.Complete);
        return sink.BySlide;
    }

    /// <summary>Values that no sum holds exactly, and now and then one that dwarfs all others.</summary>
    private static double ValueOf(long index)
    {
        var bits = (ulong)index * 0x9E37_79B9_7F4A_7C15;
        bits = (bits ^ (bits >> 32)) * 0xD6E8_FEB8_6659_FD93;
        var value = (bits >> 11) * 1e-13;
        return index % 2_345_678 == 0 ? value * 1e13 : value;
    }
}
