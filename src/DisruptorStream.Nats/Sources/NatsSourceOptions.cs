using DisruptorStream.Messages;

namespace DisruptorStream.Nats.Sources;

/// <summary>How a <see cref="NatsSource{TEvent}"/> reads. Each is checked when it is set.</summary>
public sealed record NatsSourceOptions : NatsOptions
{
    /// <summary>
    /// Only messages of it are read, such as "calls.*": parts with dots between them, where "*" is any part and ">" all
    /// that follow. Null, the default, for all of the stream.
    /// </summary>
    /// <exception cref="ArgumentException">It is no subject.</exception>
    public string? Subject
    {
        get;
        init => field = value is null ? null : NatsNames.CheckedSubject(value, mayHaveStars: true, nameof(Subject));
    }

    /// <summary>
    /// Whether it waits for more at the end of the stream. Default true. If not, the source ends behind the last
    /// message that is there when it is opened.
    /// </summary>
    public bool Follows { get; init; } = true;

    /// <summary>
    /// Whether it goes on with the first message that is kept, where those behind its position are gone. Default false:
    /// then it throws <see cref="DisruptorStream.Sources.SourcePositionException"/>.
    /// </summary>
    public bool SkipsWhatIsGone { get; init; }

    /// <summary>
    /// How long a read waits for a message before it returns with none: 1 ms to 1 hour. Default 250 ms.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan PollInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The bytes that are asked for ahead of the processor: 64 KiB to 1 GiB. Default 8 MiB. Two messages of the largest
    /// size are asked for at least.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int ReadAheadBytes { get; init => field = OptionGuard.InRange(value, 1 << 16, 1 << 30); } = 8 << 20;
}
