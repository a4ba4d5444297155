namespace DisruptorStream.Pipeline.Executions;

/// <summary>
/// One worker takes every batch through all stages of all queries; or several do, each through those of some queries.
/// </summary>
internal sealed class FusedExecution : Execution
{
    private readonly FusedWorker[] _workers;

    /// <param name="workers">The threads; at least one.</param>
    /// <param name="owned">What is freed at the end.</param>
    public FusedExecution(FusedWorker[] workers, IDisposable[] owned)
        : base(owned)
    {
        _workers = workers;
        Completion = EndAsync();
    }

    public override Task Completion { get; }

    public override bool IsDrained => Array.TrueForAll(_workers, worker => worker.IsDrained);

    public override void Start()
    {
        foreach (var worker in _workers)
            worker.Start();
    }

    public override void Halt()
    {
        foreach (var worker in _workers)
            worker.Halt();
    }

    private async Task EndAsync()
    {
        foreach (var worker in _workers)
            await worker.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
