using DisruptorStream.Building.Planning;

namespace DisruptorStream.Building;

/// <summary>
/// The step that says when windows of keyed events fire, and then what they show. Every method returns a new step.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class WindowedStep<TKey> : ProcessorWindowedStepBase<WindowedStep<TKey>, BuildStep<TKey>, TKey>
    where TKey : notnull
{
    internal WindowedStep(PipelineDefinition<TKey> definition)
        : base(definition)
    {
    }

    private protected override WindowedStep<TKey> With(PipelineDefinition<TKey> definition) => new(definition);

    private protected override BuildStep<TKey> Next(PipelineDefinition<TKey> definition) => new(definition);
}
