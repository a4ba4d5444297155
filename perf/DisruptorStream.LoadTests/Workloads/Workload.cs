using DisruptorStream.Building;
using DisruptorStream.Watermarks;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>A named workload: its events, its windows and what it is measured against.</summary>
internal sealed record Workload
{
    private const long DisorderMilliseconds = 1000;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new() { Name = "W1", Keys = 10_000, Description = "tumbling 1 s, 10 k keys" },
        new()
        {
            Name = "W2", Keys = 100, SizeMilliseconds = 60_000, PerMillisecond = 100,
            Description = "sliding 60 s / 1 s, 100 keys",
        },
        new()
        {
            Name = "W2-3600", Keys = 100, SizeMilliseconds = 3_600_000, PerMillisecond = 100,
            Description = "sliding 3600 s / 1 s, 100 keys",
        },
        new() { Name = "W3", Keys = 1, Description = "tumbling 1 s, one key" },
        new()
        {
            Name = "W4", Keys = 10_000, GapMilliseconds = 30_000, PerMillisecond = 10,
            Description = "sessions, gap 30 s, 10 k keys",
        },
        new()
        {
            Name = "W5", Keys = 10_000, Percentiles = true,
            Description = "p50, p95, p99, tumbling 1 s, 10 k keys",
        },
        new() { Name = "W6", Keys = 1_000_000, Description = "tumbling 1 s, 1 M keys" },
        new()
        {
            Name = "W1-disorder", Keys = 10_000, DisorderPerThousand = 50,
            Description = "W1 with 5 % of the events up to 1 s late",
        },
        new() { Name = "W1-zipf", Keys = 10_000, IsZipf = true, Description = "W1 with Zipf keys (exponent 1)" },
        new() { Name = "W1-single", Keys = 10_000, IsSingle = true, Description = "W1, one Publish(string, ...) each" },
    ];

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required int Keys { get; init; }

    public long SizeMilliseconds { get; init; } = 1000;

    public long SlideMilliseconds { get; init; } = 1000;

    /// <summary>Above 0 for sessions.</summary>
    public long GapMilliseconds { get; init; }

    public int PerMillisecond { get; init; } = 1000;

    public bool Percentiles { get; init; }

    public bool IsZipf { get; init; }

    /// <summary>Published one at a time, by text keys.</summary>
    public bool IsSingle { get; init; }

    public int DisorderPerThousand { get; init; }

    public bool IsSession => GapMilliseconds > 0;

    public static Workload? Find(string name) =>
        All.FirstOrDefault(work => string.Equals(work.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same events every time. Values are multiples of 1/64, so that every sum is exact.</summary>
    public InputEvent[] Generate(int count)
    {
        var events = new InputEvent[count];
        var zipf = IsZipf ? new ZipfKeys(Keys) : null;
        var numbers = new XorShift();
        for (var index = 0; index < count; index++)
        {
            var random = numbers.Next();
            ref var next = ref events[index];
            next.Milliseconds = index / PerMillisecond;
            next.Value = XorShift.ValueOf(random);
            next.Key = zipf?.Pick((uint)random) ?? KeyOf((uint)random, next.Milliseconds);
            if (DisorderPerThousand > 0 && (int)((random >> 20) % 1000) < DisorderPerThousand)
                next.Milliseconds = Math.Max(0, next.Milliseconds - (long)((random >> 8) % DisorderMilliseconds));
        }

        return events;
    }

    /// <summary>The windows of the engine.</summary>
    public WindowedStep<StreamProcessor<TKey>, TKey> Windows<TKey>(KeyedEventsStep<TKey> keyed)
        where TKey : notnull, IEquatable<TKey>
    {
        var size = TimeSpan.FromMilliseconds(SizeMilliseconds);
        var slide = TimeSpan.FromMilliseconds(SlideMilliseconds);
        var windowed = IsSession
            ? keyed.SessionWindows(TimeSpan.FromMilliseconds(GapMilliseconds))
            : size == slide ? keyed.TumblingWindows(size) : keyed.SlidingWindows(size, slide);
        var disorder = TimeSpan.FromMilliseconds(DisorderPerThousand > 0 ? DisorderMilliseconds : 0);
        return windowed.AllowedLateness(TimeSpan.Zero)
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = disorder });
    }

    /// <summary>
    /// With sessions, five groups of keys take turns: active for 10 s, silent for 40 s, which is more than the gap.
    /// </summary>
    private int KeyOf(uint random, long milliseconds)
    {
        if (!IsSession)
            return (int)((ulong)random * (ulong)Keys >> 32);
        var groupKeys = Keys / 5;
        return ((int)(milliseconds / 10_000 % 5) * groupKeys) + (int)((ulong)random * (ulong)groupKeys >> 32);
    }
}
