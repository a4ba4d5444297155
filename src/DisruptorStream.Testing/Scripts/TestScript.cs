namespace DisruptorStream.Testing.Scripts;

/// <summary>A written input: events, watermarks, time and sources, to be run as often as wanted.</summary>
/// <typeparam name="TEvent">
/// The type of the events: the host's own, or <see cref="TestEvent{TKey}"/> where they are keyed.
/// </typeparam>
/// <remarks>Every method returns the script itself. A source begins with the first step that names it.</remarks>
public sealed class TestScript<TEvent>
{
    private readonly List<ScriptStep<TEvent>> _steps = [];

    internal IReadOnlyList<ScriptStep<TEvent>> Steps => _steps;

    /// <summary>An event.</summary>
    /// <param name="published">The event.</param>
    /// <param name="source">Who sends it.</param>
    public TestScript<TEvent> Publish(TEvent published, string source = StreamTestDriver.MainSource) =>
        Add(ScriptStepKind.Event, source, published);

    /// <summary>Events of the main source, in their order.</summary>
    /// <param name="published">The events.</param>
    public TestScript<TEvent> PublishAll(IEnumerable<TEvent> published)
    {
        ArgumentNullException.ThrowIfNull(published);
        foreach (var one in published)
            Publish(one);
        return this;
    }

    /// <summary>A source begins, and holds the combined watermark back until it sends.</summary>
    /// <param name="source">Its name.</param>
    public TestScript<TEvent> Begin(string source) => Add(ScriptStepKind.NewSource, source);

    /// <summary>A source states that it sends nothing further before a time.</summary>
    /// <param name="ticks">In ticks of 100 ns since the Unix epoch, exclusive.</param>
    /// <param name="source">The source.</param>
    public TestScript<TEvent> AdvanceWatermark(long ticks, string source = StreamTestDriver.MainSource) =>
        Add(ScriptStepKind.Watermark, source, ticks: ticks);

    /// <summary>The others no longer wait for a source, until it sends again.</summary>
    /// <param name="source">The source.</param>
    public TestScript<TEvent> MarkIdle(string source = StreamTestDriver.MainSource) =>
        Add(ScriptStepKind.Idle, source);

    /// <summary>A source counts again.</summary>
    /// <param name="source">The source.</param>
    public TestScript<TEvent> MarkActive(string source = StreamTestDriver.MainSource) =>
        Add(ScriptStepKind.Active, source);

    /// <summary>A source has ended for good.</summary>
    /// <param name="source">The source.</param>
    public TestScript<TEvent> Complete(string source = StreamTestDriver.MainSource) =>
        Add(ScriptStepKind.CompleteSource, source);

    /// <summary>The clock moves on, and the pipeline is told once.</summary>
    /// <param name="by">More than zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or negative.</exception>
    public TestScript<TEvent> AdvanceTime(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(by, TimeSpan.Zero);
        _steps.Add(new ScriptStep<TEvent>(ScriptStepKind.AdvanceTime, "", default, by.Ticks));
        return this;
    }

    private TestScript<TEvent> Add(ScriptStepKind kind, string source, TEvent? published = default, long ticks = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        _steps.Add(new ScriptStep<TEvent>(kind, source, published, ticks));
        return this;
    }
}
