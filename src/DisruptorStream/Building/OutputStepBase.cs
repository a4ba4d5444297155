using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Building.Planning;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Expressions;
using DisruptorStream.Windows;

namespace DisruptorStream.Building;

/// <summary>The step that says where results go. Every method returns a new step.</summary>
/// <typeparam name="TStep">The step itself: what its methods return.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// What the outputs of a processor and those of a stream's query have in common. Name it only where a method of yours
/// takes both.
/// </remarks>
public abstract class OutputStepBase<TStep, TKey>
    where TStep : OutputStepBase<TStep, TKey>
    where TKey : notnull
{
    private readonly PipelineDefinition<TKey> _definition;

    private protected OutputStepBase(PipelineDefinition<TKey> definition) => _definition = definition;

    internal PipelineDefinition<TKey> Definition => _definition;

    /// <summary>
    /// Shows only the panes of which a condition over their metrics is true, such as "errors / calls > 0.05". The
    /// others are counted (<see cref="ProcessorStats.ResultsSuppressed"/>), and nothing else.
    /// </summary>
    /// <param name="condition">
    /// An expression over the metrics, of 20,000 characters and 250 levels at most. Where this is called several times,
    /// all conditions must be true.
    /// </param>
    /// <remarks>
    /// <para>
    /// A metric without a value is null, and where the condition is null the pane is not shown; panes of failed windows
    /// are. It comes before a ranking, and queries that read the panes read those that are shown. It costs the thread
    /// that fires a pane about a nanosecond for each operator, and allocates nothing.
    /// </para>
    /// <para>
    /// Each pane is judged by itself. Where a late or early pane was shown and the next one of its window is not, the
    /// one that was shown stands; with <see cref="Windows.AccumulationMode.Retracting"/> it is withdrawn.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The condition cannot be understood, is not true or false, or names no metric, or one that there is not. When it
    /// is built: there is a ranking with allowed lateness.
    /// </exception>
    public TStep Having(string condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var all = _definition.Having is { } before ? $"({before}) and ({condition})" : condition;
        try
        {
            _ = new PaneCondition(_definition.Metrics, condition);
        }
        catch (ExpressionException exception)
        {
            throw new ArgumentException(
                $"Having cannot judge panes: {exception.Show(condition)}{Environment.NewLine}",
                nameof(condition),
                exception);
        }

        return With(_definition with { Having = all });
    }

    /// <summary>
    /// Adds a sink, which gets all results in batches, after the sinks added before it. What it throws stops the
    /// processor.
    /// </summary>
    /// <param name="sink">Called by the emitting thread.</param>
    public TStep To(IResultSink<TKey> sink) => To(sink, SinkFailurePolicy.Stop);

    /// <summary>Adds a sink, which gets all results in batches, after the sinks added before it.</summary>
    /// <param name="sink">Called by the emitting thread.</param>
    /// <param name="policy">What happens when it throws. Null for <see cref="SinkFailurePolicy.Stop"/>.</param>
    public TStep To(IResultSink<TKey> sink, SinkFailurePolicy? policy)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var registration = new SinkRegistration<IResultSink<TKey>>(sink, policy ?? SinkFailurePolicy.Stop);
        return With(_definition with { Sinks = [.. _definition.Sinks, registration] });
    }

    /// <summary>
    /// Adds an asynchronous sink, which gets all results in batches that it may keep, from a task of its own. It is fed
    /// after the sinks that are called by the emitting thread.
    /// </summary>
    /// <param name="sink">Called by a task of its own.</param>
    /// <remarks>
    /// A full queue holds the emitting thread, and in the end the publishers; Inline, the publishers.
    /// </remarks>
    public TStep To(IAsyncResultSink<TKey> sink) => To(sink, new AsyncSinkOptions());

    /// <inheritdoc cref="To(IAsyncResultSink{TKey})"/>
    /// <param name="sink">Called by a task of its own.</param>
    /// <param name="options">Sizes and delays of its batches, and what happens when it fails.</param>
    public TStep To(IAsyncResultSink<TKey> sink, AsyncSinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(options);
        var registration = new AsyncSinkRegistration<TKey>(sink, options);
        return With(_definition with { AsyncSinks = [.. _definition.AsyncSinks, registration] });
    }

    /// <summary>Adds a sink for the events that entered no window.</summary>
    /// <inheritdoc cref="To(IResultSink{TKey}, SinkFailurePolicy)"/>
    public TStep DroppedEventsTo(IDroppedEventSink<TKey> sink, SinkFailurePolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var registration = new SinkRegistration<IDroppedEventSink<TKey>>(sink, policy ?? SinkFailurePolicy.Stop);
        return With(_definition with { DroppedEventSinks = [.. _definition.DroppedEventSinks, registration] });
    }

    /// <summary>Other windows than those that the steps say.</summary>
    internal TStep WithWindow(WindowDefinition window) => With(_definition with { Window = window });

    /// <summary>Another allowed lateness than the steps and the options say.</summary>
    internal TStep WithAllowedLateness(TimeSpan lateness) => With(_definition with { AllowedLateness = lateness });

    private protected abstract TStep With(PipelineDefinition<TKey> definition);
}
