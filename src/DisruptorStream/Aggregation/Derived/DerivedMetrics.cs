using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Messages;

namespace DisruptorStream.Aggregation.Derived;

/// <summary>Finds the values of the metrics that are expressions, from the values of the others.</summary>
/// <remarks>Allocates when it is made, and not afterwards. One thread uses an instance.</remarks>
internal sealed class DerivedMetrics : IColumnScope
{
    private readonly IReadOnlyList<MetricDefinition> _metrics;
    private readonly List<(int Metric, Column Column)> _inputs = [];
    private readonly List<(int Metric, BoundExpression Expression)> _derived = [];

    // How many of the metrics an expression may name: those before it.
    private readonly int _known;

    /// <exception cref="ExpressionException">An expression names what is not there, or is no number.</exception>
    public DerivedMetrics(IReadOnlyList<MetricDefinition> metrics)
    {
        _metrics = metrics;
        for (_known = 0; _known < metrics.Count; _known++)
        {
            if (metrics[_known] is ExpressionMetric metric)
                _derived.Add((_known, ExpressionBinder.BindNumber(metric.Expression, this, "A metric")));
        }
    }

    public bool IsEmpty => _derived.Count == 0;

    /// <summary>Rows of which the values are found at once.</summary>
    public int Capacity => Column.WordRows;

    /// <summary>What the values of the newest expression are.</summary>
    public MeasureType LastType => TypeOf(_derived[^1].Expression);

    /// <summary>Whether the expressions name any metric.</summary>
    public bool HasInputs => _inputs.Count > 0;

    /// <summary>Writes the expressions' values beside those that they are made of.</summary>
    /// <param name="values">The values of all metrics, row after row.</param>
    /// <param name="width">How many metrics there are.</param>
    public void Fill(Span<long> values, int width)
    {
        for (var rows = Capacity * width; values.Length > 0; values = values[Math.Min(rows, values.Length)..])
            FillSome(values[..Math.Min(rows, values.Length)], width);
    }

    Column? IColumnScope.Find(string name)
    {
        var metric = IndexOf(name);
        if (metric < 0 || _metrics[metric].ResultType == MeasureType.Symbol)
            return null;
        foreach (var (index, column) in _inputs)
        {
            if (index == metric)
                return column;
        }

        foreach (var (index, expression) in _derived)
        {
            if (index == metric)
                return expression.Result;
        }

        Column input = _metrics[metric].ResultType == MeasureType.Int64
            ? new NumberColumn<long>(Capacity) { CanBeNull = false }
            : new NumberColumn<double>(Capacity);
        _inputs.Add((metric, input));
        return input;
    }

    string IColumnScope.Describe(string name)
    {
        if (IndexOf(name) >= 0)
            return $"The metric '{name}' holds symbols, and expressions compute with numbers; take another metric.";
        var names = new List<string>();
        for (var metric = 0; metric < _known; metric++)
            names.Add(_metrics[metric].Name);
        return names.Count == 0
            ? $"There is no metric before this one that could be '{name}'; ask for what an expression names before it."
            : $"There is no metric '{name}' before this one; {NearestWord.Hint(name, names)}";
    }

    private static MeasureType TypeOf(BoundExpression expression) =>
        expression.Type == ExpressionType.Integer ? MeasureType.Int64 : MeasureType.Double;

    private int IndexOf(string name)
    {
        for (var metric = 0; metric < _known; metric++)
        {
            if (string.Equals(_metrics[metric].Name, name, StringComparison.Ordinal))
                return metric;
        }

        return -1;
    }

    private void FillSome(Span<long> values, int width)
    {
        var count = values.Length / width;
        foreach (var (metric, column) in _inputs)
        {
            if (column is NumberColumn<long> integers)
                Read(values, width, metric, integers);
            else
                Read(values, width, metric, (NumberColumn<double>)column);
        }

        foreach (var (metric, expression) in _derived)
        {
            expression.Run(count);
            for (var row = 0; row < count; row++)
                values[(row * width) + metric] = BitsOf(expression.Result, row);
        }
    }

    private static void Read(ReadOnlySpan<long> values, int width, int metric, NumberColumn<long> column)
    {
        for (var row = 0; row < values.Length / width; row++)
            column.Values[row] = values[(row * width) + metric];
    }

    private static void Read(ReadOnlySpan<long> values, int width, int metric, NumberColumn<double> column)
    {
        for (var row = 0; row < values.Length / width; row++)
        {
            var value = BitConverter.Int64BitsToDouble(values[(row * width) + metric]);
            column.Values[row] = value;
            column.SetNull(row, !double.IsFinite(value));
        }
    }

    private static long BitsOf(Column column, int row) => column is NumberColumn<long> integers
        ? integers.Values[row]
        : BitConverter.DoubleToInt64Bits(column.IsNull(row) ? double.NaN : ((NumberColumn<double>)column).Values[row]);
}
