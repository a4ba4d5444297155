namespace DisruptorStream.Expressions.Syntax;

/// <summary>A part of the text of an expression.</summary>
/// <param name="Start">Where it begins, counted from 0.</param>
/// <param name="Length">How many characters it has.</param>
internal readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>From the beginning of this one to the end of another one.</summary>
    public TextSpan To(TextSpan last) => new(Start, last.End - Start);

    public ExpressionException Error(string message) => new(message, Start, Length);
}
