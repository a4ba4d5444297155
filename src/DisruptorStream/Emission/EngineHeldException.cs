namespace DisruptorStream.Emission;

/// <summary>
/// A call waited for the engine, and nothing moved for longer than
/// <see cref="StreamProcessorOptions.ShutdownTimeout"/>: the message says what holds the engine.
/// </summary>
/// <remarks>
/// As a rule a sink is in the middle of one call; it may wait for the very call that got this exception. What the call
/// was to publish is not published, and what was published before is not lost: the call can be made again.
/// </remarks>
public sealed class EngineHeldException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public EngineHeldException()
    {
    }

    /// <summary>Creates one with a message that says what holds the engine.</summary>
    public EngineHeldException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public EngineHeldException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
