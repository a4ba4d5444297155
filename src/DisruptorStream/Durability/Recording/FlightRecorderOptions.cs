using DisruptorStream.Messages;

namespace DisruptorStream.Durability.Recording;

/// <summary>What a flight recorder keeps, and when it dumps that by itself.</summary>
public sealed record FlightRecorderOptions
{
    private const long LeastBytes = 1L << 20;
    private const long MostBytes = 1L << 40;
    private const long MostSlots = 1_000_000_000;

    private static readonly TimeSpan ShortestLatency = TimeSpan.FromTicks(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// How many of the last slots are held at least, with the state before them: 1 to 1,000,000,000. Default 1,000,000.
    /// A slot holds an event, a watermark, a tick of the clock or the like.
    /// </summary>
    /// <remarks>
    /// A state is copied each time half as many slots have come, so about one and a half times as many are held. An
    /// event takes 10 to 24 bytes, and 8 more for each further measure or key.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public long Slots { get; init => field = OptionGuard.InRange(value, 1, MostSlots); } = 1_000_000;

    /// <summary>
    /// The most bytes of the slots that are held: 1 MiB to 1 TiB. Default 256 MiB. At the limit only the slots behind
    /// the newest state are held, however few, and a new state is copied at once; what comes until it is there goes
    /// beyond the limit. The states, of which there are 3 or 4, and two files that are ready for use come on top.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public long MaxBytes { get; init => field = OptionGuard.InRange(value, LeastBytes, MostBytes); } = 256L << 20;

    /// <summary>
    /// Where the recording lies: a directory of this processor alone, so that it outlives the process; null for the
    /// memory of the process. Default null.
    /// </summary>
    /// <remarks>
    /// Nothing is synced, so a power cut may take the newest slots. What an earlier process has left there is moved to
    /// the subdirectory "previous", in place of what is there.
    /// </remarks>
    /// <exception cref="ArgumentException">It is empty or white space.</exception>
    public string? Directory
    {
        get;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>Whether the recording is dumped when a stage or a sink has failed. Default true.</summary>
    public bool OnFault { get; init; } = true;

    /// <summary>
    /// How many events must be dropped within a second to have the recording dumped: 1 or more; null for no such
    /// trigger. Default null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public long? OnDrops
    {
        get;
        init
        {
            if (value is { } drops)
                OptionGuard.InRange(drops, 1, long.MaxValue, nameof(OnDrops));
            field = value;
        }
    }

    /// <summary>
    /// How long results must take, from the publication of the event that fires them to the call of the sinks, to have
    /// the recording dumped: 1 µs to 1 day; the 99th percentile of the last minute counts. Null for no such trigger.
    /// Default null.
    /// </summary>
    /// <remarks>It needs <see cref="StreamProcessorOptions.MeasureLatency"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public TimeSpan? OnLatency
    {
        get;
        init
        {
            if (value is { } latency)
                OptionGuard.InRange(latency, ShortestLatency, Longest, nameof(OnLatency));
            field = value;
        }
    }

    /// <summary>
    /// The shortest time between two dumps that triggers ask for: 0 to 1 day. Default 1 min. That of a fault is always
    /// written.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public TimeSpan DumpInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.Zero, Longest);
    } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many dumps of the processor stay in the directory of the dumps: 1 to 1,000. Default 10. The oldest go, when
    /// a new one is there. Those in directories that the program has named stay.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public int DumpsKept { get; init => field = OptionGuard.InRange(value, 1, 1_000); } = 10;

    /// <summary>
    /// Whether the recording has hashes in place of keys, and of the texts of symbols: a dump then gives the same
    /// results under other names. Default false.
    /// </summary>
    /// <remarks>
    /// For keys that are texts, integers, enums, Guid, TimeSpan, and tuples of these. Names of sources, queries and
    /// filters stay as they are. Code of yours that looks at keys when it is called again, such as time zones by key,
    /// would see the hashes.
    /// </remarks>
    public bool HashKeys { get; init; }

    /// <summary>
    /// What the hashes depend on: with the same secret the same key has the same hash in each dump
    /// (<see cref="HashedKey"/>). Null for a random secret, which nobody learns. Default null.
    /// </summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public string? HashSecret
    {
        get;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    }
}
