namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>The host's end of the results, as the life cycle needs it.</summary>
internal interface IResultBuffer
{
    int Capacity { get; }

    /// <summary>Results put in and taken out so far, together.</summary>
    long Steps { get; }

    /// <summary>Whether emission is held because the buffer is full.</summary>
    bool IsBlocked { get; }

    /// <summary>Whether emission is held because the buffer is full and nobody reads it.</summary>
    bool IsBlockedWithoutReader { get; }

    /// <summary>Ends the stream, after what is in it, with or without an error.</summary>
    void Complete(Exception? error);
}
