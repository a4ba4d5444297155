using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest.Projections;

namespace DisruptorStream.Building;

/// <summary>
/// The step that says when windows of the host's own events fire, and then what they show. Every method returns a new
/// step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class WindowedStep<TEvent, TKey>
    : ProcessorWindowedStepBase<WindowedStep<TEvent, TKey>, BuildStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly EventProjection<TEvent, TKey> _projection;

    internal WindowedStep(PipelineDefinition<TKey> definition, EventProjection<TEvent, TKey> projection)
        : base(definition) => _projection = projection;

    private protected override WindowedStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(definition, _projection);

    private protected override BuildStep<TEvent, TKey> Next(PipelineDefinition<TKey> definition) =>
        new(definition, _projection, sources: []);
}
