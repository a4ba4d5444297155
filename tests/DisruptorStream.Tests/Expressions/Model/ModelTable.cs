using System.Text;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Tests.Expressions.Model;

/// <summary>Rows of named values, as columns for the engine and one by one for the model.</summary>
internal sealed class ModelTable : IColumnScope
{
    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Dictionary<string, object?>> _rows;

    /// <param name="types">The columns.</param>
    /// <param name="rows">Their values: long, double, string, bool or null; of a cell a string.</param>
    public ModelTable(
        IReadOnlyDictionary<string, ExpressionType> types, IReadOnlyList<Dictionary<string, object?>> rows)
    {
        _rows = rows;
        Capacity = Math.Max(1, rows.Count);
        foreach (var (name, type) in types)
            _columns[name] = Fill(type, [.. rows.Select(row => row.GetValueOrDefault(name))]);
    }

    public int Capacity { get; }

    public int Count => _rows.Count;

    public IReadOnlyDictionary<string, object?> this[int row] => _rows[row];

    public Column? Find(string name) => _columns.GetValueOrDefault(name);

    public string Describe(string name) =>
        $"There is no column '{name}'; there are {string.Join(", ", _columns.Keys)}.";

    /// <summary>The value of a row of a column, as the model has it.</summary>
    public static object? ValueOf(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        NumberColumn<long> integers => integers.Values[row],
        NumberColumn<double> doubles => doubles.Values[row],
        BooleanColumn truths => truths.IsTrue(row),
        _ => Encoding.UTF8.GetString(((TextColumn)column)[row]),
    };

    private static Column Fill(ExpressionType type, object?[] values)
    {
        var count = Math.Max(1, values.Length);
        Column column = type switch
        {
            ExpressionType.Integer => new NumberColumn<long>(count),
            ExpressionType.Double => new NumberColumn<double>(count),
            ExpressionType.Boolean => new BooleanColumn(count),
            _ => new TextColumn(type, count),
        };
        for (var row = 0; row < values.Length; row++)
            Set(column, row, values[row]);
        return column;
    }

    private static void Set(Column column, int row, object? value)
    {
        switch (column, value)
        {
            case (_, null):
                column.SetNull(row, isNull: true);
                break;
            case (NumberColumn<long> integers, long integer):
                integers.Set(row, integer);
                break;
            case (NumberColumn<double> doubles, double number):
                doubles.Set(row, number);
                break;
            case (BooleanColumn truths, bool truth):
                truths.Set(row, truth);
                break;
            case (TextColumn texts, string text):
                var bytes = Encoding.UTF8.GetBytes(text);
                texts.Set(row, new TextCell(bytes, 0, bytes.Length));
                break;
            default:
                throw new ArgumentException($"{value} is no {column.Type}.", nameof(value));
        }
    }
}
