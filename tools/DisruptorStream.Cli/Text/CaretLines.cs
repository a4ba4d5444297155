namespace DisruptorStream.Cli.Text;

/// <summary>Shows a text, and under it the place that a message is about.</summary>
internal static class CaretLines
{
    private const int Around = 60;

    /// <summary>The label and the text, and carets under a part of it; long texts are cut around that.</summary>
    /// <param name="writer">Where they are written.</param>
    /// <param name="label">What the text belongs to, such as an option.</param>
    /// <param name="text">The text; line breaks and tabs are shown as spaces.</param>
    /// <param name="start">Where the part begins, counted from 0.</param>
    /// <param name="length">How long it is; shown as one caret where it is empty.</param>
    public static void Write(TextWriter writer, string label, string text, int start, int length)
    {
        start = Math.Clamp(start, 0, text.Length);
        var end = Math.Clamp(start + length, start, text.Length);
        var from = start > Around ? start - Around : 0;
        var to = Math.Min(text.Length, Math.Max(end, start + 1) + Around);
        var shown = string.Concat(text[from..to].Select(one => PlainText.IsControl(one) ? ' ' : one));
        var lead = $"  {label} {(from > 0 ? "..." : "")}";
        writer.WriteLine($"{lead}{shown}{(to < text.Length ? "..." : "")}");
        writer.WriteLine(new string(' ', lead.Length + start - from) + new string('^', Math.Max(1, end - start)));
    }
}
