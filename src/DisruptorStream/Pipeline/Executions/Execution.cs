using System.Diagnostics.CodeAnalysis;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>Who runs the stages, on which threads; and who frees their memory.</summary>
/// <remarks>
/// A processor that is given up without being disposed, as Inline ones are that have nothing to end, is freed by the
/// collector. It comes for an execution only once nobody is in the stages: a thread of the engine holds its stages, and
/// who publishes Inline holds the ring until the call is over, and the ring holds the execution.
/// </remarks>
internal abstract class Execution : IDisposable
{
    private readonly IDisposable[] _owned;

    /// <param name="owned">What holds native memory, in the order in which it is freed.</param>
    protected Execution(IDisposable[] owned) => _owned = owned;

    [SuppressMessage(
        "Design", "MA0055", Justification = "Nobody has to dispose a processor that has no threads to end.")]
    ~Execution() => Free();

    /// <summary>Completes when every thread has ended; never faults, as the pipeline's fault tells why.</summary>
    public abstract Task Completion { get; }

    /// <summary>Whether the Stop slot was handled, and all before it delivered.</summary>
    public abstract bool IsDrained { get; }

    public abstract void Start();

    /// <summary>Ends every thread after its current batch. Does not wait for them.</summary>
    public abstract void Halt();

    /// <summary>Frees native memory. Only once every thread has ended.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }
}
