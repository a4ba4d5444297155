namespace DisruptorStream.Durability;

/// <summary>What of a recording is handled again.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// The first slot whose results are wanted, 0 or more. Default 0: all that is there. A replay begins behind the
    /// newest snapshot before it; the results of slots in between are given too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long From
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>The last slot that is handled, 0 or more. Default null: all that there are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long? Until
    {
        get;
        init
        {
            if (value is { } slot)
                ArgumentOutOfRangeException.ThrowIfNegative(slot, nameof(value));
            field = value;
        }
    }

    /// <summary>
    /// Whether the input ends behind the last slot that is handled. Then all windows that are open there fire, as they
    /// are: this shows the state at that slot. Default false.
    /// </summary>
    /// <remarks>
    /// Their results have numbers above <see cref="ReplayedQuery.LastNumber"/>, and are in no recording. A recorded
    /// input that has ended has no open windows.
    /// </remarks>
    public bool EndsInput { get; init; }

    /// <summary>Told from time to time how far the replay has come, on the thread that replays. Default null.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }
}
