using System.Runtime.CompilerServices;

namespace DisruptorStream.Rings;

/// <summary>
/// The end of a pipeline, by its first failure or because it was stopped; shared by its rings and processors. It frees
/// all who wait, and ends every later claim and wait.
/// </summary>
/// <remarks>Any thread. Once set it stays: what comes first counts, the failure or the stop.</remarks>
internal sealed class RingFault
{
    private readonly Lock _gate = new();
    private readonly List<Action> _wakeUps = [];
    private readonly Func<RingFault, Exception> _toException;
    private bool _isFaulted;

    /// <param name="toException">
    /// Makes what <see cref="ThrowIfFaulted"/> throws, a new instance for each caller; for no failure it says stopped.
    /// </param>
    public RingFault(Func<RingFault, Exception>? toException = null) => _toException = toException ?? Describe;

    /// <summary>
    /// Whether nothing goes on, after a failure or a stop. Pairs with the write in TryEnd: who reads true may read the
    /// rest.
    /// </summary>
    public bool IsFaulted => Volatile.Read(ref _isFaulted);

    /// <summary>Whether it was a failure that ended the pipeline.</summary>
    public bool IsFailure => IsFaulted && Exception is not null;

    /// <summary>Whether the pipeline was stopped, and no stage had failed before.</summary>
    public bool IsStop => IsFaulted && Exception is null;

    /// <summary>The failure; null after a stop.</summary>
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
        return TryEnd(exception, stage, sequence);
    }

    /// <summary>
    /// Ends the pipeline without a failure, unless it has ended: wakes all who wait, and nobody waits or claims again.
    /// </summary>
    public bool TryStop() => TryEnd(null, "", -1);

    private bool TryEnd(Exception? exception, string stage, long sequence)
    {
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

    /// <summary>
    /// What <see cref="ThrowIfFaulted"/> throws, a new instance for each caller; where nothing has failed, that it was
    /// stopped.
    /// </summary>
    public Exception ToException() => _toException(this);

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
        fault.IsFailure
            ? $"Stage '{fault.Stage}' failed at sequence {fault.Sequence} and the pipeline has stopped: see the inner "
                + "exception, and start a new one."
            : "The pipeline was stopped: start a new one.",
        fault.Exception);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Throw() => throw ToException();
}
