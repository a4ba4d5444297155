namespace DisruptorStream.Cli.Text;

/// <summary>A text of the command line cannot be understood, and this is the part of it that is at fault.</summary>
internal sealed class ExpressionException : FormatException
{
    /// <param name="message">What is wrong, and what to write instead.</param>
    /// <param name="start">Where the part begins in the text, counted from 0.</param>
    /// <param name="length">How many characters it has.</param>
    public ExpressionException(string message, int start, int length)
        : base(message)
    {
        Start = start;
        Length = length;
    }

    public int Start { get; }

    public int Length { get; }
}
