namespace DisruptorStream.Crash.Workloads;

/// <summary>
/// Lines to the standard output, each of which whoever reads them answers with a byte: only then the process goes on.
/// So what it does behind a line happens behind the moment at which the line was known outside. One thread.
/// </summary>
/// <param name="Lines">Where the lines go.</param>
internal sealed record ConfirmedLines(IResultLines Lines) : IResultLines
{
    private readonly Stream _answers = Console.OpenStandardInput();

    public void Write(string lines)
    {
        Lines.Write(lines);
        _answers.ReadExactly(new byte[lines.AsSpan().Count('\n')]);
    }
}
