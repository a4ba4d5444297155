using DisruptorStream.Events;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>Copies the state of a processor without threads for a snapshot: a part at the end of each call.</summary>
internal sealed class InlineCopying : ISlotConsumer
{
    private readonly ISlotConsumer _stages;
    private readonly InlineExecution _execution;

    /// <param name="stages">Handle what is published.</param>
    /// <param name="execution">Whose state is copied.</param>
    public InlineCopying(ISlotConsumer stages, InlineExecution execution)
    {
        _stages = stages;
        _execution = execution;
    }

    public void Consume(long first, long last)
    {
        _stages.Consume(first, last);
        _execution.CopySome();
    }

    public void ConsumeInPlace(in AcceptedEvents events, long last)
    {
        _stages.ConsumeInPlace(events, last);
        _execution.CopySome();
    }

    public long Deliver()
    {
        var through = _stages.Deliver();
        _execution.CopySome();
        return through;
    }

    public void FlushSinks() => _stages.FlushSinks();

    public bool TakesEvents() => _stages.TakesEvents();

    public bool HasRoom() => _stages.HasRoom();
}
