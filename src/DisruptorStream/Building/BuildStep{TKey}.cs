using DisruptorStream.Building.Planning;

namespace DisruptorStream.Building;

/// <summary>
/// The last step to a processor of keyed events: options, sinks, and the processor itself. Every method but the last
/// returns a new step.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class BuildStep<TKey> : BuildStepBase<BuildStep<TKey>, StreamProcessor<TKey>, TKey>
    where TKey : notnull
{
    internal BuildStep(PipelineDefinition<TKey> definition)
        : base(definition)
    {
    }

    private protected override BuildStep<TKey> With(PipelineDefinition<TKey> definition) => new(definition);

    private protected override StreamProcessor<TKey> Create(PipelineDefinition<TKey> definition) =>
        new(definition.Build(out var instruments), instruments);
}
