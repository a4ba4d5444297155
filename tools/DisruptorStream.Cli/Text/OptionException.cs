using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Text;

/// <summary>The value of an option cannot be understood.</summary>
internal sealed class OptionException : Exception
{
    /// <param name="option">The name of the option.</param>
    /// <param name="value">What was given.</param>
    /// <param name="reason">What is wrong with it, and where, if it says so.</param>
    public OptionException(string option, string value, FormatException reason)
        : base(reason.Message, reason)
    {
        Option = option;
        Value = value;
        (Start, Length) = reason is ExpressionException part ? (part.Start, part.Length) : (0, value.Length);
    }

    public string Option { get; }

    public string Value { get; }

    public int Start { get; }

    public int Length { get; }
}
