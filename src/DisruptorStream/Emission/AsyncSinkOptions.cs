using DisruptorStream.Messages;

namespace DisruptorStream.Emission;

/// <summary>
/// How results are handed to an <see cref="IAsyncResultSink{TKey}"/>. Each is checked when it is set.
/// </summary>
public sealed record AsyncSinkOptions
{
    private const int MostResults = 1 << 24;

    /// <summary>The most results of one write, 1 to 16,777,216. Default 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BatchSize { get; init => field = OptionGuard.InRange(value, 1, MostResults); } = 256;

    /// <summary>
    /// How long a result waits at most for its batch to fill, by the processor's clock: 0 to 1 hour, default 100 ms.
    /// Zero writes what there is as soon as the write before is done.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxDelay
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How many results may wait for the sink before the emitting thread is held, 1 to 16,777,216. Default 8,192. A
    /// batch is written at the latest when they are as many, also where <see cref="BatchSize"/> is larger.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Capacity { get; init => field = OptionGuard.InRange(value, 1, MostResults); } = 8192;

    /// <summary>
    /// What happens when a call fails. Default <see cref="SinkFailurePolicy.Stop"/>. The delay of a retry does not hold
    /// the emitting thread while the queue has room.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public SinkFailurePolicy FailurePolicy
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = SinkFailurePolicy.Stop;
}
