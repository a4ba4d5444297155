using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Input;

/// <summary>Counts the lines, and reports the first of those that could not be read in full.</summary>
internal sealed class BadLines
{
    private const int Reported = 10;

    private readonly TextWriter _report;
    private readonly bool _isStrict;
    private readonly Dictionary<string, long> _textColumns = new(StringComparer.Ordinal);
    private int _reported;
    private bool _hasSaidFurther;

    public BadLines(TextWriter report, bool isStrict)
    {
        _report = report;
        _isStrict = isStrict;
    }

    public LineCounts Lines { get; } = new();

    public long Count => Lines.Bad;

    /// <summary>The first of them, and what is wrong with it; null where there is none.</summary>
    public string? First { get; private set; }

    /// <summary>The columns that had text where a number was needed, and how often.</summary>
    public IReadOnlyDictionary<string, long> TextColumns => _textColumns;

    /// <param name="source">The name of the input.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="textColumn">The column that has text where a number is needed; reported once.</param>
    /// <exception cref="BadLineException">The job is strict.</exception>
    public void Add(string source, long line, string problem, string? textColumn = null)
    {
        var text = PlainText.Of($"{source}, line {line}: {problem}");
        Lines.Bad++;
        First ??= text;
        if (_isStrict)
            throw new BadLineException($"{text}.");
        if (textColumn is not null)
        {
            _textColumns[textColumn] = _textColumns.GetValueOrDefault(textColumn) + 1;
            if (_textColumns[textColumn] > 1)
                return;
        }

        if (_reported < Reported)
        {
            _reported++;
            _report.WriteLine($"skipped {text}");
        }
        else if (!_hasSaidFurther)
        {
            _hasSaidFurther = true;
            _report.WriteLine("further lines are skipped without a word; --strict stops at the first");
        }
    }
}
