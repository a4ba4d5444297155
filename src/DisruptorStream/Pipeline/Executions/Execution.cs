namespace DisruptorStream.Pipeline.Executions;

/// <summary>Who runs the stages, on which threads.</summary>
internal abstract class Execution : IDisposable
{
    /// <summary>Completes when every thread has ended; never faults, as the pipeline's fault tells why.</summary>
    public abstract Task Completion { get; }

    /// <summary>Whether the Stop slot was handled, and all before it delivered.</summary>
    public abstract bool IsDrained { get; }

    public abstract void Start();

    /// <summary>Ends every thread after its current batch. Does not wait for them.</summary>
    public abstract void Halt();

    /// <summary>Frees native memory. Only once every thread has ended.</summary>
    public abstract void Dispose();
}
