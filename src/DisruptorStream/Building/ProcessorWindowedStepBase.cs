using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Building;

/// <summary>
/// The step that says when windows of a processor fire, and then what they show. Every method returns a new step.
/// </summary>
/// <typeparam name="TStep">The step itself: what its methods return.</typeparam>
/// <typeparam name="TBuildStep">The step after it.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// What <see cref="WindowedStep{TKey}"/> and <see cref="WindowedStep{TEvent, TKey}"/> have in common. Name it only
/// where a method of yours takes both.
/// </remarks>
public abstract class ProcessorWindowedStepBase<TStep, TBuildStep, TKey> : WindowedStepBase<TStep, TKey>
    where TStep : ProcessorWindowedStepBase<TStep, TBuildStep, TKey>
    where TKey : notnull
{
    private protected ProcessorWindowedStepBase(PipelineDefinition<TKey> definition)
        : base(definition)
    {
    }

    /// <summary>
    /// How event time advances. Default: with every event, without out-of-orderness, sources never idle.
    /// </summary>
    /// <param name="options">The settings.</param>
    public TStep Watermarks(WatermarkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return With(Definition with { Watermarks = options });
    }

    /// <summary>
    /// Windows go by the clock at which events are published; timestamps are ignored and nothing is late.
    /// </summary>
    public TStep InProcessingTime() => With(Definition with { ProcessingTime = true });

    /// <summary>What the results show.</summary>
    /// <param name="aggregates">Asks for the metrics, in the order of the results' columns.</param>
    /// <exception cref="ArgumentException">No metric was asked for, or one of them is not possible.</exception>
    public TBuildStep Aggregate(Action<AggregateBuilder> aggregates)
    {
        ArgumentNullException.ThrowIfNull(aggregates);
        var builder = new AggregateBuilder(
            Definition.HasNoMeasure ? [] : Definition.Measures, Definition.Filters.Find);
        aggregates(builder);
        if (builder.Metrics.Count == 0)
        {
            throw new ArgumentException(
                "No metric was asked for; ask for at least one, such as a count.", nameof(aggregates));
        }

        return Next(Definition with { Metrics = [.. builder.Metrics] });
    }

    private protected abstract TBuildStep Next(PipelineDefinition<TKey> definition);
}
