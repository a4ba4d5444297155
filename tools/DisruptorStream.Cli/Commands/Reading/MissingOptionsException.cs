namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>What a job needs is not on the command line.</summary>
internal sealed class MissingOptionsException : Exception
{
    public MissingOptionsException(IReadOnlyList<string> messages)
        : base(string.Join(' ', messages)) => Messages = messages;

    /// <summary>What is missing, a sentence for each.</summary>
    public IReadOnlyList<string> Messages { get; }
}
