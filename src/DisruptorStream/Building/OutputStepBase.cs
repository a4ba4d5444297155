using DisruptorStream.Building.Planning;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Pumping;

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

    private protected abstract TStep With(PipelineDefinition<TKey> definition);
}
