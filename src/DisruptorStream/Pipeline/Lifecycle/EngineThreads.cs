namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>The threads of one processor: a call from one of them must not wait for the others.</summary>
internal sealed class EngineThreads
{
    private readonly Lock _gate = new();
    private int[] _ids = [];

    /// <summary>Whether the calling thread is one of them.</summary>
    // Pairs with the writes in Enter and Leave; a thread always sees its own.
    public bool AreCurrent => Array.IndexOf(Volatile.Read(ref _ids), Environment.CurrentManagedThreadId) >= 0;

    /// <summary>The calling thread is one of them from now on.</summary>
    public void Enter()
    {
        lock (_gate)
            Volatile.Write(ref _ids, [.. _ids, Environment.CurrentManagedThreadId]);
    }

    /// <summary>The calling thread has ended as one of them: its number may be another's soon.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            var id = Environment.CurrentManagedThreadId;
            Volatile.Write(ref _ids, Array.FindAll(_ids, other => other != id));
        }
    }
}
