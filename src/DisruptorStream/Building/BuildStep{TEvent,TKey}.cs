using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest.Projections;

namespace DisruptorStream.Building;

/// <summary>
/// The last step to a processor of the host's own events: options, sinks, and the processor itself. Every method but
/// the last returns a new step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class BuildStep<TEvent, TKey>
    : BuildStepBase<BuildStep<TEvent, TKey>, StreamProcessor<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly EventProjection<TEvent, TKey> _projection;

    internal BuildStep(PipelineDefinition<TKey> definition, EventProjection<TEvent, TKey> projection)
        : base(definition) => _projection = projection;

    private protected override BuildStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(definition, _projection);

    private protected override StreamProcessor<TEvent, TKey> Create(PipelineDefinition<TKey> definition) =>
        new(definition.Build(out var instruments), instruments, _projection);
}
