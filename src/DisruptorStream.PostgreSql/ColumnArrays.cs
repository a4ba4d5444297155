using DisruptorStream.Emission.Tables;
using Npgsql;
using NpgsqlTypes;

namespace DisruptorStream.PostgreSql;

/// <summary>The cells of rows, an array for each column.</summary>
internal sealed class ColumnArrays : IResultCells
{
    private readonly IReadOnlyList<ResultColumn> _columns;
    private readonly Array[] _arrays;
    private readonly int _rows;
    private int _cell;

    /// <param name="columns">The columns.</param>
    /// <param name="rows">How many rows there will be.</param>
    public ColumnArrays(IReadOnlyList<ResultColumn> columns, int rows)
    {
        _columns = columns;
        _rows = rows;
        _arrays = new Array[columns.Count];
        for (var column = 0; column < _arrays.Length; column++)
        {
            _arrays[column] = columns[column].Type switch
            {
                ResultColumnType.Integer => new long?[rows],
                ResultColumnType.Number => new double?[rows],
                ResultColumnType.Time => new DateTime?[rows],
                ResultColumnType.Boolean => new bool?[rows],
                _ => new string?[rows],
            };
        }
    }

    public void AddNull() => _cell++;

    public void AddText(string value) => ((string?[])Next(out var row))[row] = value;

    public void AddInteger(long value) => ((long?[])Next(out var row))[row] = value;

    public void AddNumber(double value) => ((double?[])Next(out var row))[row] = value;

    public void AddTime(long ticks) => ((DateTime?[])Next(out var row))[row] = PostgreSqlTime.Of(ticks);

    public void AddBoolean(bool value) => ((bool?[])Next(out var row))[row] = value;

    /// <summary>Adds the arrays to the parameters of a command, in their order.</summary>
    /// <param name="command">The command.</param>
    /// <param name="keysOnly">Whether only those of the key.</param>
    public void AddTo(NpgsqlCommand command, bool keysOnly)
    {
        for (var column = 0; column < _arrays.Length; column++)
        {
            if (!keysOnly || _columns[column].IsKey)
            {
                command.Parameters.Add(new NpgsqlParameter
                {
                    Value = _arrays[column],
                    NpgsqlDbType = NpgsqlDbType.Array | TypeOf(_columns[column].Type),
                });
            }
        }
    }

    private static NpgsqlDbType TypeOf(ResultColumnType type) => type switch
    {
        ResultColumnType.Integer => NpgsqlDbType.Bigint,
        ResultColumnType.Number => NpgsqlDbType.Double,
        ResultColumnType.Time => NpgsqlDbType.TimestampTz,
        ResultColumnType.Boolean => NpgsqlDbType.Boolean,
        _ => NpgsqlDbType.Text,
    };

    private Array Next(out int row)
    {
        (row, var column) = Math.DivRem(_cell++, _columns.Count);
        return row < _rows ? _arrays[column] : throw new InvalidOperationException("There are more cells than rows.");
    }
}
