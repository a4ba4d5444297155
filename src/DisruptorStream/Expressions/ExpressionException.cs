using System.Text;

namespace DisruptorStream.Expressions;

/// <summary>A text of a user cannot be understood, and this is the part of it that is at fault.</summary>
internal sealed class ExpressionException : FormatException
{
    private const int Around = 60;

    /// <param name="message">What is wrong, and what to write instead.</param>
    /// <param name="start">Where the part begins in the text, counted from 0.</param>
    /// <param name="length">How many characters it has; 0 at the end of the text.</param>
    public ExpressionException(string message, int start, int length)
        : base(message)
    {
        Start = start;
        Length = length;
    }

    public int Start { get; }

    public int Length { get; }

    /// <summary>The message, and below it the text with carets under the part; long texts are cut around it.</summary>
    public string Show(string text)
    {
        var start = Math.Clamp(Start, 0, text.Length);
        var end = Math.Clamp(Start + Length, start, text.Length);
        var from = Math.Max(0, start - Around);
        var to = Math.Min(text.Length, end + Around);
        var shown = new StringBuilder();
        foreach (var one in text.AsSpan(from, to - from))
            shown.Append(char.IsControl(one) ? ' ' : one);
        var carets = new string(' ', start - from) + new string('^', Math.Max(1, end - start));
        return $"{Message}{Environment.NewLine}  {shown}{Environment.NewLine}  {carets}";
    }
}
