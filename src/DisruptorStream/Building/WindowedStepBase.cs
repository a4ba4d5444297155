using DisruptorStream.Building.Planning;
using DisruptorStream.Messages;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Building;

/// <summary>The step that says when windows fire. Every method returns a new step.</summary>
/// <typeparam name="TStep">The step itself: what its methods return.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// What the windows of a processor and those of a stream's query have in common. Name it only where a method of yours
/// takes both.
/// </remarks>
public abstract class WindowedStepBase<TStep, TKey>
    where TStep : WindowedStepBase<TStep, TKey>
    where TKey : notnull
{
    private readonly PipelineDefinition<TKey> _definition;

    private protected WindowedStepBase(PipelineDefinition<TKey> definition) => _definition = definition;

    private protected PipelineDefinition<TKey> Definition => _definition;

    /// <summary>How long after its end a window still takes events, instead of what the options say.</summary>
    /// <param name="lateness">Zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TStep AllowedLateness(TimeSpan lateness) =>
        With(_definition with { AllowedLateness = OptionGuard.AtLeastZero(lateness, nameof(lateness)) });

    /// <summary>
    /// Each key goes by a watermark of its own, by its own events: its windows complete, expire and judge lateness by
    /// it, whatever other keys, sources and watermarks say. For devices whose clocks do not agree.
    /// </summary>
    /// <param name="maxOutOfOrderness">
    /// How far an event may be behind the newest one of its key without the key's watermark having passed it: zero or
    /// more.
    /// </param>
    /// <param name="closeAfter">
    /// How long a key may have no event, by the clock, before its time goes on with the clock, so that its last windows
    /// fire: above zero. Default null: they wait for its next event, or for the end of the input.
    /// </param>
    /// <remarks>
    /// <para>
    /// It takes the place of <see cref="WatermarkOptions"/>. The clock is the quiet one of <see
    /// cref="WatermarkOptions.AdvanceWhenQuiet"/>, which ticks carry; a key that is kept no longer begins
    /// anew. Only events that the query takes move the time of their key. Results come in the order of the events and
    /// ticks that cause them; there is no watermark for others to follow, so that Top, FillGaps and queries that read
    /// the panes are refused, as is processing time.
    /// </para>
    /// <para>
    /// Windows are kept by key and not in shared slices: an event costs one accumulator for each window that it is in,
    /// and 24 bytes are kept for each key. With a <paramref name="closeAfter"/> each key that has windows is looked at
    /// once in that time.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The first is negative, or the second is zero or negative.
    /// </exception>
    public TStep WatermarksPerKey(TimeSpan maxOutOfOrderness, TimeSpan? closeAfter = null)
    {
        OptionGuard.AtLeastZero(maxOutOfOrderness, nameof(maxOutOfOrderness));
        if (closeAfter <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(closeAfter),
                closeAfter,
                $"The time after which a key goes on with the clock is {closeAfter}; it must be above zero, or null "
                + "where its windows wait for its next event.");
        }

        return With(_definition with
        {
            KeyTime = new KeyTimeRules(maxOutOfOrderness.Ticks, closeAfter?.Ticks ?? -1),
        });
    }

    /// <summary>
    /// Fires panes before a window is complete: after a number of events, or a delay after the first, or whichever is
    /// first.
    /// </summary>
    /// <param name="count">Events since the last pane, at least 1; null for no such limit.</param>
    /// <param name="delay">Processing time since the first event after the last pane; null for no delay.</param>
    /// <exception cref="ArgumentException">Neither is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or the delay is negative.</exception>
    public TStep Early(long? count = null, TimeSpan? delay = null)
    {
        if (count is null && delay is null)
            throw new ArgumentException("An early trigger needs a count, a delay or both.", nameof(count));
        return With((_definition with { Early = Trigger(count, delay) }).WithDelay(delay));
    }

    /// <summary>Fires panes before a window is complete, by a rule of your own.</summary>
    /// <typeparam name="TTrigger">A readonly struct.</typeparam>
    /// <typeparam name="TState">What it keeps for each key and window.</typeparam>
    /// <param name="trigger">The rule.</param>
    public TStep Early<TTrigger, TState>(TTrigger trigger)
        where TTrigger : struct, ITrigger<TState>
        where TState : unmanaged =>
        With(_definition with { Early = PaneTrigger.Create<TTrigger, TState>(trigger), HasCustomTrigger = true });

    /// <summary>Fires a late pane after each number of late events. Default 1.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public TStep Late(long count) => With(_definition with { Late = Trigger(count, null) });

    /// <summary>Fires a late pane a delay after the first late event.</summary>
    /// <param name="delay">Processing time; zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TStep Late(TimeSpan delay) =>
        With((_definition with { Late = Trigger(null, delay) }).WithDelay(delay));

    /// <summary>Fires late panes by a rule of your own.</summary>
    /// <inheritdoc cref="Early{TTrigger, TState}(TTrigger)"/>
    public TStep Late<TTrigger, TState>(TTrigger trigger)
        where TTrigger : struct, ITrigger<TState>
        where TState : unmanaged =>
        With(_definition with { Late = PaneTrigger.Create<TTrigger, TState>(trigger), HasCustomTrigger = true });

    /// <summary>Late events are shown once, when the window expires.</summary>
    public TStep LateNever() => With(_definition with { Late = null });

    /// <summary>What a pane holds when a window fires more than once. Default: everything so far.</summary>
    /// <param name="mode">The mode.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the modes.</exception>
    public TStep Accumulation(AccumulationMode mode) =>
        With(_definition with { Accumulation = OptionGuard.Defined(mode, nameof(mode)) });

    /// <summary>
    /// Fires a pane for each window in which a key has no event, once it has had a window with events. They are marked:
    /// <see cref="Emission.WindowResult{TKey}.IsFilled"/>. For tumbling, sliding and calendar windows whose panes
    /// accumulate.
    /// </summary>
    /// <param name="maxEmpty">
    /// How many in a row, at least 1: then the key is left alone until its next window with events fires.
    /// </param>
    /// <param name="with">What the metrics show that are no counts; counts are 0. Default null.</param>
    /// <remarks>
    /// A key that is being filled is not idle, so it is kept for as long. At the end of the input gaps are filled up to
    /// the newest window in which any key has had an event. What a filled window costs is one pane.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number is below 1, or what they show is not one of the choices.
    /// </exception>
    public TStep FillGaps(int maxEmpty, GapValues with = GapValues.Null)
    {
        OptionGuard.InRange(maxEmpty, 1, int.MaxValue, nameof(maxEmpty));
        return With(_definition with { Gaps = new GapFilling(OptionGuard.Defined(with, nameof(with)), maxEmpty) });
    }

    private static PaneTrigger Trigger(long? count, TimeSpan? delay)
    {
        if (count is { } events)
            OptionGuard.InRange(events, 1, long.MaxValue, nameof(count));
        if (delay is { } time)
            OptionGuard.AtLeastZero(time, nameof(delay));
        return PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(
            new CountDelayTrigger(count ?? 0, delay?.Ticks ?? -1));
    }

    private protected abstract TStep With(PipelineDefinition<TKey> definition);
}
