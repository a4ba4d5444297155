using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Messages;

namespace DisruptorStream.Aggregation.Derived;

/// <summary>Says of panes whether an expression over their metrics is true.</summary>
/// <remarks>Allocates when it is made, and not afterwards. One thread uses an instance.</remarks>
internal sealed class PaneCondition : IColumnScope
{
    private readonly IReadOnlyList<MetricDefinition> _metrics;
    private readonly List<(int Metric, Column Column)> _inputs = [];
    private readonly BoundExpression _expression;
    private readonly BooleanColumn _result;

    /// <param name="metrics">What the expression may name.</param>
    /// <param name="text">The expression.</param>
    /// <exception cref="ExpressionException">
    /// It cannot be understood, is no condition, or names no metric or one that there is not.
    /// </exception>
    public PaneCondition(IReadOnlyList<MetricDefinition> metrics, string text)
    {
        _metrics = metrics;
        _expression = ExpressionBinder.BindCondition(Parser.Parse(text), this, "Having");
        _result = (BooleanColumn)_expression.Result;
        if (_inputs.Count == 0)
        {
            throw new ExpressionException(
                "The condition names no metric, so all panes are alike to it; name at least one.", 0, text.Length);
        }
    }

    /// <summary>The most panes that are judged at once.</summary>
    public int Capacity => Column.WordRows;

    /// <summary>A bit for each pane of which the condition is true; not where it is null.</summary>
    /// <param name="values">The values of all metrics, pane after pane.</param>
    /// <param name="count">How many panes there are, at most <see cref="Capacity"/>.</param>
    /// <param name="hasValues">Whether their values are more than counts: the others are null elsewhere.</param>
    public ulong TrueOf(ReadOnlySpan<long> values, int count, bool hasValues)
    {
        var width = _metrics.Count;
        foreach (var (metric, column) in _inputs)
        {
            var isNull = !hasValues && !_metrics[metric].IsCount;
            for (var pane = 0; pane < count; pane++)
                Read(column, pane, values[(pane * width) + metric], isNull);
        }

        _expression.Run(count);
        return _result.Trues[0] & Column.RowsOf(0, count);
    }

    Column? IColumnScope.Find(string name)
    {
        var metric = IndexOf(name);
        if (metric < 0 || _metrics[metric].ResultType == MeasureType.Symbol)
            return null;
        foreach (var (index, known) in _inputs)
        {
            if (index == metric)
                return known;
        }

        Column column = _metrics[metric].ResultType == MeasureType.Int64
            ? new NumberColumn<long>(Capacity)
            : new NumberColumn<double>(Capacity);
        _inputs.Add((metric, column));
        return column;
    }

    string IColumnScope.Describe(string name)
    {
        if (IndexOf(name) >= 0)
            return $"The metric '{name}' holds symbols, and a condition compares numbers; take another metric.";
        var names = new List<string>();
        foreach (var metric in _metrics)
            names.Add(metric.Name);
        return $"There is no metric '{name}'; {NearestWord.Hint(name, names)}";
    }

    private static void Read(Column column, int row, long bits, bool isNull)
    {
        if (column is NumberColumn<long> integers)
        {
            integers.Values[row] = bits;
            integers.SetNull(row, isNull);
            return;
        }

        var value = BitConverter.Int64BitsToDouble(bits);
        ((NumberColumn<double>)column).Values[row] = value;
        column.SetNull(row, isNull || !double.IsFinite(value));
    }

    private int IndexOf(string name)
    {
        for (var metric = 0; metric < _metrics.Count; metric++)
        {
            if (string.Equals(_metrics[metric].Name, name, StringComparison.Ordinal))
                return metric;
        }

        return -1;
    }
}
