using System.Globalization;

namespace DisruptorStream.Emission;

/// <summary>What becomes of a batch when a sink throws: stop the processor, skip the batch, or retry first.</summary>
/// <remarks>Immutable. Every failure is counted, whatever the policy.</remarks>
public sealed record SinkFailurePolicy
{
    private SinkFailurePolicy(int retries, TimeSpan retryDelay, bool skipsInTheEnd)
    {
        Retries = retries;
        RetryDelay = retryDelay;
        SkipsInTheEnd = skipsInTheEnd;
    }

    /// <summary>
    /// The processor faults with a <see cref="SinkException"/> that names the sink and the sequences. The default.
    /// </summary>
    public static SinkFailurePolicy Stop { get; } = new(0, TimeSpan.Zero, skipsInTheEnd: false);

    /// <summary>
    /// That sink goes without the batch, which is counted; the other sinks and the stream still get it.
    /// </summary>
    public static SinkFailurePolicy Skip { get; } = new(0, TimeSpan.Zero, skipsInTheEnd: true);

    /// <summary>How often the sink is called again after its first failure; 0 to 100.</summary>
    public int Retries { get; }

    /// <summary>How long the emitting thread waits before each retry; 0 to 1 minute.</summary>
    public TimeSpan RetryDelay { get; }

    /// <summary>Whether the batch is skipped, rather than the processor stopped, when the retries failed too.</summary>
    public bool SkipsInTheEnd { get; }

    /// <summary>The sink that threw gets the same batch again; other sinks do not see it twice.</summary>
    /// <param name="attempts">How often to call again after the first failure; 1 to 100.</param>
    /// <param name="delay">
    /// The wait before each call, 0 to 1 minute. It holds the emitting thread; an abort of the processor ends it.
    /// </param>
    /// <param name="then">
    /// What to do when the last attempt fails: <see cref="Stop"/> (also for null) or <see cref="Skip"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The attempts or the delay are out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="then"/> is itself a retry.</exception>
    public static SinkFailurePolicy Retry(int attempts, TimeSpan delay, SinkFailurePolicy? then = null)
    {
        if (attempts is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(
                nameof(attempts), attempts, "The attempts of a sink's retry policy must be 1 to 100.");
        }

        if (delay < TimeSpan.Zero || delay > TimeSpan.FromMinutes(1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(delay), delay, "The delay of a sink's retry policy must be 0 to 1 minute.");
        }

        if (then is { Retries: > 0 })
        {
            throw new ArgumentException(
                "What follows the retries of a sink must be Stop or Skip, not another retry; raise the attempts " +
                "instead.",
                nameof(then));
        }

        return new(attempts, delay, then is { SkipsInTheEnd: true });
    }

    /// <summary>The policy in words.</summary>
    public override string ToString()
    {
        var end = SkipsInTheEnd ? "skip" : "stop";
        return Retries == 0
            ? end
            : string.Create(
                CultureInfo.InvariantCulture,
                $"retry {Retries} times after {RetryDelay.TotalMilliseconds} ms, then {end}");
    }
}
