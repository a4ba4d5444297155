namespace DisruptorStream.Pipeline.Durable;

/// <summary>What differs where a journal is a flight recording: it never ends the processor.</summary>
internal sealed class RecordingServices
{
    private readonly Action<Exception> _onFailed;
    private bool _isOff;

    /// <param name="onFailed">Told once why nothing is recorded any more.</param>
    public RecordingServices(Action<Exception> onFailed) => _onFailed = onFailed;

    /// <summary>Whether nothing is recorded any more.</summary>
    // Pairs with the write in TurnOff.
    public bool IsOff => Volatile.Read(ref _isOff);

    /// <summary>
    /// Writes what is gathered. On the thread that has the ring of a processor without threads, inside its call.
    /// </summary>
    public Action WriteGathered { get; set; } = static () => { };

    /// <summary>
    /// Writes what was published and is not written, up to where a stage has failed. When every thread has ended.
    /// </summary>
    public Action WriteRest { get; set; } = static () => { };

    /// <summary>Nothing is recorded any more. Any thread.</summary>
    public void TurnOff(Exception why)
    {
        if (!Interlocked.Exchange(ref _isOff, true))
            _onFailed(why);
    }
}
