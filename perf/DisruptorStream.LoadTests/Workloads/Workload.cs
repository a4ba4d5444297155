using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Watermarks;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>A named workload: its events, its windows and what it is measured against.</summary>
internal sealed record Workload
{
    private const long DisorderMilliseconds = 1000;

    private static Workload W4 => new()
    {
        Name = "W4",
        Keys = 10_000,
        GapMilliseconds = 30_000,
        PerMillisecond = 10,
        Description = "sessions, gap 30 s, 10 k keys",
    };

    public static IReadOnlyList<Workload> All { get; } =
    [
        new() { Name = "W1", Keys = 10_000, Description = "tumbling 1 s, 10 k keys" },
        new()
        {
            Name = "W2", Keys = 100, SizeMilliseconds = 60_000, PerMillisecond = 100,
            Description = "sliding 60 s / 1 s, 100 keys", Beside = "W2-tumbling", BesideGoal = 0.9,
        },
        new()
        {
            Name = "W2-3600", Keys = 100, SizeMilliseconds = 3_600_000, PerMillisecond = 100,
            Description = "sliding 3600 s / 1 s, 100 keys", Beside = "W2-tumbling", BesideGoal = 0.9,
        },
        new()
        {
            Name = "W2-tumbling", Keys = 100, PerMillisecond = 100,
            Description = "the events of W2, tumbling 1 s",
        },
        new()
        {
            Name = "W3", Keys = 1, Description = "tumbling 1 s, one key", Beside = "W1", BesideGoal = 1,
        },
        W4,
        W4 with
        {
            Name = "W4-late", DisorderPerThousand = 50, LatePerThousand = 2, LatenessMilliseconds = 5000,
            Description = "W4 with 5 % of the events up to 1 s late, and 2 in 1000 after their session was emitted, "
                + "5 s of lateness allowed",
            Beside = "W4",
        },
        W4 with
        {
            Name = "W4-p95", Metrics = MetricSet.Percentile95, Description = "W4 with p95 alone", Beside = "W4",
        },
        W4 with
        {
            Name = "W4-1M", Keys = 1_000_000, Description = "W4 with 1 M keys", Beside = "W4", IsSlow = true,
        },
        new()
        {
            Name = "W5", Keys = 10_000, Metrics = MetricSet.Percentiles,
            Description = "p50, p95, p99, tumbling 1 s, 10 k keys", Beside = "W1", BesideGoal = 0.4,
        },
        new() { Name = "W6", Keys = 1_000_000, Description = "tumbling 1 s, 1 M keys" },
        new()
        {
            Name = "W1-disorder", Keys = 10_000, DisorderPerThousand = 50,
            Description = "W1 with 5 % of the events up to 1 s late", Beside = "W1",
        },
        new()
        {
            Name = "W1-zipf", Keys = 10_000, IsZipf = true, Description = "W1 with Zipf keys (exponent 1)",
            Beside = "W1",
        },
        new()
        {
            Name = "W1-claim", Keys = 10_000, Publishing = Publishing.Claims,
            Description = "W1, slots claimed 512 at a time and written in place", Beside = "W1",
        },
        new()
        {
            Name = "W1-typed", Keys = 10_000, Publishing = Publishing.Typed,
            Description = "W1, the host's own type of event read by selectors", Beside = "W1",
        },
        new()
        {
            Name = "W1-typed-text", Keys = 10_000, Publishing = Publishing.TypedText,
            Description = "W1-typed with text keys", Beside = "W1",
        },
        new()
        {
            Name = "W1-measures", Keys = 10_000, Publishing = Publishing.Claims, Metrics = MetricSet.Measures,
            Description = "sum and max of 4 measures, claimed, tumbling 1 s, 10 k keys", Beside = "W1",
        },
        new()
        {
            Name = "W1-single", Keys = 10_000, Publishing = Publishing.Single,
            Description = "W1, one Publish(string, ...) each", Beside = "W1", IsSlow = true,
        },
    ];

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required int Keys { get; init; }

    public long SizeMilliseconds { get; init; } = 1000;

    public long SlideMilliseconds { get; init; } = 1000;

    /// <summary>Above 0 for sessions.</summary>
    public long GapMilliseconds { get; init; }

    public int PerMillisecond { get; init; } = 1000;

    public MetricSet Metrics { get; init; }

    public Publishing Publishing { get; init; }

    public bool IsZipf { get; init; }

    /// <summary>Of the events, up to 1 s late, for which the watermark waits.</summary>
    public int DisorderPerThousand { get; init; }

    /// <summary>Of the events of a session, so late that most find it emitted.</summary>
    public int LatePerThousand { get; init; }

    public long LatenessMilliseconds { get; init; }

    /// <summary>The workload that runs in the same turns, whose rate this one's is a share of.</summary>
    public string? Beside { get; init; }

    /// <summary>The share that it should reach.</summary>
    public double? BesideGoal { get; init; }

    /// <summary>Whether some events tell as much as many, for the sake of the time that a full run takes.</summary>
    public bool IsSlow { get; init; }

    public bool IsSession => GapMilliseconds > 0;

    /// <summary>Whether the results are near the exact ones, and not the same to the bit.</summary>
    public bool IsApproximate => Metrics is MetricSet.Percentiles or MetricSet.Percentile95;

    /// <summary>How far the watermark stays behind.</summary>
    public long OutOfOrderMilliseconds => DisorderPerThousand > 0 ? DisorderMilliseconds : 0;

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

            // At least the gap, so that an event of now would not find the session of then.
            if (LatePerThousand > 0 && (int)((random >> 44) % 1000) < LatePerThousand)
                next.Milliseconds -= GapMilliseconds + (long)((random >> 8) % (ulong)LatenessMilliseconds);
            next.Milliseconds = Math.Max(0, next.Milliseconds);
            next.Key = zipf?.Pick((uint)random) ?? KeyOf((uint)random, next.Milliseconds);
            if (DisorderPerThousand > 0 && (int)((random >> 20) % 1000) < DisorderPerThousand)
                next.Milliseconds = Math.Max(0, next.Milliseconds - (long)((random >> 8) % DisorderMilliseconds));
        }

        return events;
    }

    /// <summary>The windows of the engine.</summary>
    public TStep Windows<TStep>(WindowingStep<TStep> events)
    {
        var size = TimeSpan.FromMilliseconds(SizeMilliseconds);
        var slide = TimeSpan.FromMilliseconds(SlideMilliseconds);
        return IsSession
            ? events.SessionWindows(TimeSpan.FromMilliseconds(GapMilliseconds))
            : size == slide ? events.TumblingWindows(size) : events.SlidingWindows(size, slide);
    }

    /// <summary>How late events may be, and what is asked for.</summary>
    public TBuildStep Ask<TStep, TBuildStep, TKey>(ProcessorWindowedStepBase<TStep, TBuildStep, TKey> windowed)
        where TStep : ProcessorWindowedStepBase<TStep, TBuildStep, TKey>
        where TKey : notnull =>
        windowed.AllowedLateness(TimeSpan.FromMilliseconds(LatenessMilliseconds))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = TimeSpan.FromMilliseconds(OutOfOrderMilliseconds),
            })
            .Aggregate(Aggregate);

    /// <summary>What is asked for of each window and key.</summary>
    public void Aggregate(AggregateBuilder aggregate)
    {
        switch (Metrics)
        {
            case MetricSet.Percentiles:
                aggregate.Percentile("p50", 50).Percentile("p95", 95).Percentile("p99", 99);
                break;
            case MetricSet.Percentile95:
                aggregate.Percentile("p95", 95);
                break;
            case MetricSet.Measures:
                for (var index = 0; index < Measures.Count; index++)
                    aggregate.Sum($"sum{index}", $"measure{index}").Max($"max{index}", $"measure{index}");
                break;
            default:
                aggregate.Count("count").Sum("sum").Min("min").Max("max").Average("avg");
                break;
        }
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
