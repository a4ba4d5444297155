namespace DisruptorStream.Testing.Contracts;

/// <summary>A sink breaks a clause of the contract of durable sinks; the message says what it did.</summary>
public sealed class DurableSinkContractException : Exception
{
    /// <param name="check">The check that failed.</param>
    /// <param name="message">What the sink did, and what it must do.</param>
    /// <param name="innerException">What it threw; null for nothing.</param>
    public DurableSinkContractException(string check, string message, Exception? innerException = null)
        : base($"{check}: {message}", innerException) => Check = check;

    /// <summary>The name of the check, one of <see cref="DurableSinkContract{TKey}.Checks"/>.</summary>
    public string Check { get; }
}
