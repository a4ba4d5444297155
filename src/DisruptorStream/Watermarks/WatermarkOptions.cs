namespace DisruptorStream.Watermarks;

/// <summary>How the engine learns that event time has passed, for every source alike.</summary>
/// <remarks>
/// The watermark of a source is the time before which it sends no further event. The engine goes by the lowest
/// watermark of all sources that are neither idle nor completed, and never goes back.
/// </remarks>
public sealed record WatermarkOptions
{
    /// <summary>
    /// How far an event may be behind the newest one of its source without the watermark having passed it. Default
    /// zero; null for explicit watermarks only, where events alone move nothing.
    /// </summary>
    /// <remarks>
    /// A source's watermark is its largest timestamp minus this, as of each event. More of it makes fewer events late
    /// and every result later by as much. Zero or more, with a resolution of 100 ns.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? MaxOutOfOrderness
    {
        get;
        init
        {
            if (value < TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"MaxOutOfOrderness is {value}; it must be zero or more, or null for explicit watermarks only.");
            }

            field = value;
        }
    } = TimeSpan.Zero;

    /// <summary>
    /// How long a source may send nothing, in processing time, before the others no longer wait for it. Default null:
    /// they wait for ever.
    /// </summary>
    /// <remarks>
    /// Above zero. Checked at every tick of the clock; a source that never sent counts from its registration. Its next
    /// event or watermark makes it count again at once. When all are idle, the watermark is the highest that any has
    /// reached.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? IdleTimeout
    {
        get;
        init
        {
            if (value <= TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"IdleTimeout is {value}; it must be above zero, or null for sources that are never idle.");
            }

            field = value;
        }
    }

    /// <summary>
    /// How long no source may have sent anything, in processing time, before event time goes on with the clock, so that
    /// the last windows fire. Default null: it waits for the next event.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Above zero. From then on the watermark is what it was at the newest activity plus the time since then. Activity
    /// is an event, an explicit watermark, a source that is added and one that is no longer idle. It begins with the
    /// first watermark, and does not go on once all sources have completed.
    /// </para>
    /// <para>
    /// Checked at every tick of the clock. Time in which a publisher waits for room in the ring does not count, nor
    /// does more than two tick intervals between one tick and the next, so neither load nor a debugger is taken for
    /// quiet. Inline there is no thread: only a call that publishes and
    /// <see cref="EventProcessor.Advance"/> move the clock. Under processing time it changes nothing. A host's
    /// processor has it without being asked (5 s).
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? AdvanceWhenQuiet
    {
        get;
        init
        {
            if (value <= TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"AdvanceWhenQuiet is {value}; it must be above zero, or null where event time waits for events.");
            }

            field = value;
        }
    }

    /// <summary>
    /// Holds events that are far ahead of their source until others confirm them, so that one clock that lies does not
    /// make the events of all others late. Default null: every event is believed.
    /// </summary>
    /// <remarks>
    /// For each source, by the events' keys, and in replays too. Needs a <see cref="MaxOutOfOrderness"/>. The first
    /// events of a source are held as well until they are confirmed. In a stream it decides once for all queries,
    /// whatever their filters, by the key that <see cref="JumpGuardOptions.Key"/> names.
    /// </remarks>
    public JumpGuardOptions? JumpGuard { get; init; }

    /// <summary>Whether watermarks depend on the clock.</summary>
    internal bool GoesByClock => IdleTimeout is not null || AdvanceWhenQuiet is not null;
}
