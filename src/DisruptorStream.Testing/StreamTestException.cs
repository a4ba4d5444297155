namespace DisruptorStream.Testing;

/// <summary>What a test expected is not so; the message says what is there instead.</summary>
public sealed class StreamTestException : Exception
{
    /// <param name="message">What was expected, and what is there.</param>
    public StreamTestException(string message)
        : base(message)
    {
    }
}
