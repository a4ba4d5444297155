using System.Runtime.CompilerServices;

namespace DisruptorStream.Rings;

/// <summary>The first failure of a pipeline, shared by its rings and processors; it frees whoever waits.</summary>
/// <remarks>Any thread. Once set it stays.</remarks>
internal sealed class RingFault
{
    private readonly Lock _gate = new();
    private readonly List<Action> _wakeUps = [];
    private readonly Func<RingFault, Exception> _toException;
    private bool _isFaulted;

    /// <param name="toException">
    /// Makes what <see cref="ThrowIfFaulted"/> throws, a new instance for each caller.
    /// </param>
    public RingFault(Func<RingFault, Exception>? toException = null) => _toException = toException ?? Describe;

    /// <summary>Pairs with the write in <see cref="TrySet"/>: whoever reads true may read the rest.</summary>
    public bool IsFaulted => Volatile.Read(ref _isFaulted);

    public Exception? Exception { get; private set; }

    public string Stage { get; private set; } = "";

    /// <summary>The sequence that was being handled; -1 when there is none.</summary>
    public long Sequence { get; private set; } = -1;

    /// <summary>
    /// Records the failure unless there is one already, and wakes every waiting producer and consumer.
    /// </summary>
    public bool TrySet(Exception exception, string stage, long sequence)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Action[] wakeUps;
        lock (_gate)
        {
            if (_isFaulted)
                return false;

            Exception = exception;
            Stage = stage;
            Sequence = sequence;

            // Publishes the three above: pairs with the read in IsFaulted.
            Volatile.Write(ref _isFaulted, true);
            wakeUps = [.. _wakeUps];
        }

        foreach (var wake in wakeUps)
            wake();

        return true;
    }

    public void ThrowIfFaulted()
    {
        if (IsFaulted)
            Throw();
    }

    /// <summary>
    /// Adds a call that makes waiting threads look again; it is called at once when the fault is there already.
    /// </summary>
    public void Register(Action wake)
    {
        lock (_gate)
        {
            _wakeUps.Add(wake);
            if (!_isFaulted)
                return;
        }

        wake();
    }

    private static InvalidOperationException Describe(RingFault fault) => new(
        $"Stage '{fault.Stage}' failed at sequence {fault.Sequence} and the pipeline has stopped: " +
        "see the inner exception, and start a new one.",
        fault.Exception);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Throw() => throw _toException(this);
}
