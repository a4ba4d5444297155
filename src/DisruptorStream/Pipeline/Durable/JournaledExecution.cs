using DisruptorStream.Pipeline.Executions;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>The threads of the stages, and that of the journal beside them.</summary>
internal sealed class JournaledExecution : Execution
{
    private readonly Execution _stages;
    private readonly JournalWorker _journal;

    /// <param name="stages">Run the stages.</param>
    /// <param name="journal">Writes the slots.</param>
    public JournaledExecution(Execution stages, JournalWorker journal)
        : base([stages])
    {
        _stages = stages;
        _journal = journal;
        Completion = EndAsync();
    }

    public override Task Completion { get; }

    public override bool IsDrained => _stages.IsDrained && _journal.IsDone;

    public override void Start()
    {
        _journal.Start();
        _stages.Start();
    }

    public override void Halt()
    {
        _stages.Halt();
        _journal.Halt();
    }

    private async Task EndAsync()
    {
        await _stages.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _journal.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
