using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>The aggregates of a job, as the command line asks for them: "count, avg(latency) as avg_latency".</summary>
internal sealed class AggregateList
{
    private const int MostMeasures = 8;

    private AggregateList(IReadOnlyList<AggregateColumn> columns)
    {
        Columns = columns;
        Names = [.. columns.SelectMany(column => column.Names)];
        Measures = MeasuresFor(keepsAllText: true);
    }

    public IReadOnlyList<AggregateColumn> Columns { get; }

    /// <summary>The columns of the output, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns of the input that are aggregated, each once; texts are kept.</summary>
    public IReadOnlyList<InputMeasure> Measures { get; }

    /// <param name="text">The aggregates, separated by commas.</param>
    /// <param name="keyNames">The names that the columns of the key have in the results; null for none.</param>
    /// <exception cref="FormatException">The text cannot be understood; the message says where and why.</exception>
    public static AggregateList Parse(string text, IReadOnlyList<string>? keyNames = null)
    {
        var columns = new List<AggregateColumn>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in AggregateText.Read(text))
        {
            var column = AggregateMenu.Bind(call);
            foreach (var name in column.Names)
            {
                if (!names.Add(name))
                    throw Clash(call, $"Two aggregates are named '{name}' (the second at character {call.Position})");
                if (ResultColumns.Window.Contains(name, StringComparer.Ordinal))
                    throw Clash(call, $"The aggregate '{call.Text}' is named '{name}', as a column of each window is");
                if (keyNames?.Contains(name, StringComparer.Ordinal) == true)
                    throw Clash(call, $"The aggregate '{call.Text}' is named '{name}', as a column of the key is");
            }

            columns.Add(column);
        }

        var list = new AggregateList(columns);
        return list.Measures.Count <= MostMeasures ? list : throw new FormatException(
            $"The aggregates read {list.Measures.Count} columns, and {MostMeasures} is the most; run the job twice.");
    }

    /// <summary>The columns of the input that are aggregated; a text that is shown nowhere can be left out.</summary>
    /// <param name="keepsAllText">Whether texts are shown with dropped events.</param>
    public IReadOnlyList<InputMeasure> MeasuresFor(bool keepsAllText)
    {
        var numbers = Columns.SelectMany(column => column.Numbers).ToHashSet(StringComparer.Ordinal);
        var shown = Columns.Where(column => column.ShowsCounted).Select(column => column.Counted)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Columns.SelectMany(column => column.Counted is { } counted ? [counted] : column.Numbers)
                .Distinct(StringComparer.Ordinal)
                .Select(name => numbers.Contains(name)
                    ? new InputMeasure(name, MeasureType.Double, false)
                    : new InputMeasure(name, MeasureType.Symbol, keepsAllText || shown.Contains(name))),
        ];
    }

    private static ExpressionException Clash(AggregateCall call, string problem) =>
        new($"{problem}; tell them apart with 'as NAME'.", call.Position - 1, call.Text.Length);

    /// <summary>Asks the engine for the aggregates, in their order.</summary>
    public void AddTo(AggregateBuilder builder)
    {
        foreach (var column in Columns)
            column.AddTo(builder);
    }
}
