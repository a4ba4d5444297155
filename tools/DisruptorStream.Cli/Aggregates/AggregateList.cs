using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Cli.Output;
using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>The aggregates of a job, as the command line asks for them: "count, avg(latency) as avg_latency".</summary>
internal sealed class AggregateList
{
    /// <summary>The most that is read of an event.</summary>
    public const int MostMeasures = 16;

    private AggregateList(IReadOnlyList<AggregateColumn> columns)
    {
        Columns = columns;
        Names = [.. columns.SelectMany(column => column.Names)];
        Measures = Read(keepsAllText: true);
    }

    public IReadOnlyList<AggregateColumn> Columns { get; }

    /// <summary>The columns of the output, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What is read of the columns of the input, each once; texts are kept.</summary>
    public IReadOnlyList<InputMeasure> Measures { get; }

    /// <param name="text">The aggregates, separated by commas.</param>
    /// <param name="keyNames">The names that the columns of the key have in the results; null for none.</param>
    /// <param name="hasDigits">
    /// Whether integers are kept with their digits; a program that built its processor itself has doubles alone.
    /// </param>
    /// <exception cref="FormatException">The text cannot be understood; the message says where and why.</exception>
    public static AggregateList Parse(string text, IReadOnlyList<string>? keyNames = null, bool hasDigits = true)
    {
        var columns = new List<AggregateColumn>();
        var calls = new List<AggregateCall>();
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

            columns.Add(hasDigits ? column : column.WithoutDigits());
            calls.Add(call);
        }

        var list = new AggregateList(columns);
        list.CheckExpressions(calls);
        return list.Measures.Count <= MostMeasures ? list : throw new FormatException(
            $"The aggregates need {list.Measures.Count} measures of an event, and {MostMeasures} is the most: one for "
            + "each column, and one more where its digits (min, max, first, last), its text (distinct, top) or its "
            + "value (arg_min, arg_max) are shown; run the job twice.");
    }

    /// <summary>What is read of the columns for several lists, each once.</summary>
    /// <param name="lists">The lists, and whether dropped events are shown as well.</param>
    /// <param name="hasTypes">
    /// Whether the input says which of its values are texts, so that each of a dropped event is read as it is shown;
    /// else its integers are read with their digits. Both as far as there is room. Null for neither.
    /// </param>
    public static IReadOnlyList<InputMeasure> MeasuresOf(
        IReadOnlyList<(AggregateList List, bool HasDropped)> lists, bool? hasTypes)
    {
        var measures = Merge(lists.SelectMany(list => list.List.Read(list.HasDropped))).ToList();
        if (hasTypes is not { } isTyped)
            return measures;
        var shown = lists.Where(list => list.HasDropped)
            .SelectMany(list => list.List.Measures.Select(measure => measure.Name))
            .ToHashSet(StringComparer.Ordinal);
        var more = measures.GroupBy(measure => measure.Name, StringComparer.Ordinal)
            .Where(group => shown.Contains(group.Key) && (isTyped
                ? group.All(measure => measure.Kind != MeasureKind.Shown)
                : group.All(measure => measure.Kind == MeasureKind.Number)))
            .Select(group => new InputMeasure(group.Key, isTyped ? MeasureKind.Shown : MeasureKind.Integer))
            .Take(Math.Max(0, MostMeasures - measures.Count));
        return [.. measures, .. more];
    }

    /// <summary>Has the engine look at a condition over the aggregates; returns it.</summary>
    /// <exception cref="ExpressionException">It cannot be understood, or names none of them.</exception>
    public string CheckCondition(string text)
    {
        var builder = NewBuilder();
        foreach (var column in Columns)
            column.AddTo(builder);
        _ = new PaneCondition([.. builder.Metrics], text);
        return text;
    }

    /// <summary>Has the engine look at the expressions, so that what is wrong is told with its place.</summary>
    private void CheckExpressions(List<AggregateCall> calls)
    {
        var builder = NewBuilder();
        for (var index = 0; index < calls.Count; index++)
        {
            try
            {
                Columns[index].AddTo(builder);
            }
            catch (ArgumentException exception) when (exception.InnerException is ExpressionException inner)
            {
                throw Place(inner, calls[index]);
            }
        }
    }

    private AggregateBuilder NewBuilder() => new(
        [.. Measures.Select((measure, index) => new MeasureDefinition(measure.EngineName, index, measure.Type))]);

    private static ExpressionException Place(ExpressionException exception, AggregateCall call)
    {
        var name = call.Text.Substring(exception.Start, exception.Length);
        var message = AggregateMenu.Contains(name)
            ? $"'{name}' is an aggregate; ask for it by itself, before the expression, and write the name of its "
                + "result here."
            : exception.Message;
        return new ExpressionException(message, call.Position - 1 + exception.Start, exception.Length);
    }

    private List<InputMeasure> Read(bool keepsAllText) =>
    [
        .. Merge(Columns.SelectMany(column => column.Reads)).Select(
            read => read with { KeepsText = read.Kind == MeasureKind.Text && (keepsAllText || read.KeepsText) }),
    ];

    private static IEnumerable<InputMeasure> Merge(IEnumerable<InputMeasure> reads) =>
        reads.GroupBy(read => (read.Name, read.Kind))
            .Select(group => group.First() with { KeepsText = group.Any(read => read.KeepsText) });

    private static ExpressionException Clash(AggregateCall call, string problem) =>
        new($"{problem}; tell them apart with 'as NAME'.", call.Position - 1, call.Text.Length);

    /// <summary>Asks the engine for the aggregates, in their order; then for their digits.</summary>
    public void AddTo(AggregateBuilder builder)
    {
        foreach (var column in Columns)
            column.AddTo(builder);
        foreach (var column in Columns)
            column.AddDigitsTo?.Invoke(builder, DigitsOf(column.Names[0]));
    }

    /// <summary>What the engine calls the digits of an aggregate: nothing else is called so.</summary>
    private string DigitsOf(string name)
    {
        name += " digits";
        while (Names.Contains(name, StringComparer.Ordinal))
            name += "'";
        return name;
    }
}
