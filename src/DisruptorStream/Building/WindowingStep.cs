using DisruptorStream.Windows;

namespace DisruptorStream.Building;

/// <summary>The step that says which windows an event belongs to.</summary>
/// <typeparam name="TStep">The step after it.</typeparam>
/// <remarks>
/// What <see cref="KeyedEventsStep{TKey}"/> and <see cref="MeasuresStep{TEvent, TKey}"/> have in common. Name it only
/// where a method of yours takes both.
/// </remarks>
public abstract class WindowingStep<TStep>
{
    private protected WindowingStep()
    {
    }

    /// <summary>Windows of fixed size, one after another.</summary>
    /// <param name="size">At least one tick of 100 ns, at most 7,306 years.</param>
    /// <param name="offset">Where they begin, modulo the size, counted from the Unix epoch. Default zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public TStep TumblingWindows(TimeSpan size, TimeSpan offset = default)
    {
        ThrowUnlessLength(size, nameof(size));
        return Windowed(FixedWindows.Tumbling(size.Ticks, offset.Ticks));
    }

    /// <summary>Windows of fixed size that begin every slide, so that an event is in size / slide of them.</summary>
    /// <param name="size">
    /// At least one tick of 100 ns, at most 7,306 years; need not be a multiple of the slide.
    /// </param>
    /// <param name="slide">As the size; above it, there are gaps whose events are in no window.</param>
    /// <param name="offset">Where they begin, modulo the slide, counted from the Unix epoch. Default zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size or the slide is out of range.</exception>
    public TStep SlidingWindows(TimeSpan size, TimeSpan slide, TimeSpan offset = default)
    {
        ThrowUnlessLength(size, nameof(size));
        ThrowUnlessLength(slide, nameof(slide));
        return Windowed(new FixedWindows(size.Ticks, slide.Ticks, offset.Ticks));
    }

    /// <summary>Windows that last as long as events of the key keep coming within the gap.</summary>
    /// <param name="gap">At least one tick of 100 ns; events exactly a gap apart are in two sessions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gap is out of range.</exception>
    public TStep SessionWindows(TimeSpan gap)
    {
        ThrowUnlessLength(gap, nameof(gap));
        return Windowed(new GapWindows(gap.Ticks));
    }

    /// <summary>Windows by a rule of your own, compiled into the engine's loop.</summary>
    /// <typeparam name="TAssigner">A readonly struct.</typeparam>
    /// <param name="assigner">The rule.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The assigner's number of windows per event is not 1 to 1024.
    /// </exception>
    public TStep CustomWindows<TAssigner>(TAssigner assigner)
        where TAssigner : struct, IWindowAssigner =>
        Windowed(new AssignedWindows(Windows.CustomWindows.Create(assigner)));

    internal abstract TStep Windowed(WindowDefinition window);

    private static void ThrowUnlessLength(TimeSpan length, string name)
    {
        if (length.Ticks is >= 1 and <= SliceGrid.MaxSizeTicks)
            return;
        var bound = length <= TimeSpan.Zero
            ? "more than zero"
            : $"at most {TimeSpan.FromTicks(SliceGrid.MaxSizeTicks)}";
        throw new ArgumentOutOfRangeException(
            name, length, $"The {name} of a window must be {bound}; it was {length}.");
    }
}
