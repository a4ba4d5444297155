namespace DisruptorStream.Cli.Output;

/// <summary>How a table looks.</summary>
/// <param name="HeldRows">
/// How many rows are held back to find how wide the columns must be; with 0 those of the first batch alone, so that
/// somebody who watches a live input waits for nothing.
/// </param>
/// <param name="IsBold">Whether the header is in bold, by an escape sequence.</param>
internal sealed record TableStyle(int HeldRows, bool IsBold)
{
    public static TableStyle Plain { get; } = new(HeldRows: 200, IsBold: false);
}
