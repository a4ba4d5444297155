namespace DisruptorStream.Cli.Input;

/// <summary>Counts the lines that could not be read, and reports the first of them in full.</summary>
internal sealed class BadLines
{
    private const int Reported = 10;

    private readonly TextWriter _report;
    private readonly bool _isStrict;

    public BadLines(TextWriter report, bool isStrict)
    {
        _report = report;
        _isStrict = isStrict;
    }

    public long Count { get; private set; }

    /// <exception cref="BadLineException">The job is strict.</exception>
    public void Add(string source, long line, string problem)
    {
        Count++;
        if (_isStrict)
            throw new BadLineException($"{source}, line {line}: {problem}.");
        if (Count <= Reported)
            _report.WriteLine($"skipped {source}, line {line}: {problem}");
        else if (Count == Reported + 1)
            _report.WriteLine("further lines are skipped without a word; --strict stops at the first");
    }
}
