namespace DisruptorStream.Cli.Input;

/// <summary>A line cannot be read, and the job is strict.</summary>
internal sealed class BadLineException : Exception
{
    public BadLineException(string message)
        : base(message)
    {
    }
}
