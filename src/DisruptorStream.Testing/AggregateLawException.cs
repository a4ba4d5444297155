namespace DisruptorStream.Testing;

/// <summary>An aggregate breaks a law that the engine relies on; the message shows the events.</summary>
public sealed class AggregateLawException : Exception
{
    /// <param name="law">The law.</param>
    /// <param name="message">How it was broken.</param>
    public AggregateLawException(string law, string message)
        : base(message) => Law = law;

    /// <summary>The law that is broken, such as "associativity".</summary>
    public string Law { get; }
}
