namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Whether a processor has been started, and whether it ends: what many ask, and its runtime says.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class ProcessorStatus
{
    private bool _isStarted;
    private bool _isEnding;

    /// <param name="needsStart">Whether there are threads to start; Inline has none.</param>
    public ProcessorStatus(bool needsStart) => NeedsStart = needsStart;

    public bool NeedsStart { get; }

    // Pairs with the write in NoteStart.
    public bool IsStarted => Volatile.Read(ref _isStarted);

    /// <summary>Whether somebody waits for a start that nobody has asked for.</summary>
    public bool AwaitsStart => NeedsStart && !IsStarted && !Volatile.Read(ref _isEnding);

    public void NoteStart() => Volatile.Write(ref _isStarted, true);

    public void NoteEnd() => Volatile.Write(ref _isEnding, true);
}
