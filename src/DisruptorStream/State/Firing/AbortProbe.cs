namespace DisruptorStream.State.Firing;

/// <summary>Asks for the abort once in 1,024 steps of a loop that may be long.</summary>
internal struct AbortProbe
{
    private const int Mask = 1023;

    private readonly CancellationToken _abort;
    private int _steps;

    public AbortProbe(CancellationToken abort) => _abort = abort;

    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public void Step()
    {
        if ((_steps++ & Mask) == 0)
            _abort.ThrowIfCancellationRequested();
    }
}
