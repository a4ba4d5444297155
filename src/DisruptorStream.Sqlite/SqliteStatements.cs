using System.Globalization;
using System.Text;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Sqlite;

/// <summary>The texts of the statements of a sink.</summary>
internal sealed class SqliteStatements
{
    public const string Positions = "disruptorstream_positions";

    public const string CreatePositions =
        $"CREATE TABLE IF NOT EXISTS {Positions} (processor TEXT NOT NULL, query TEXT NOT NULL, target TEXT NOT NULL, "
        + "epoch INTEGER NOT NULL, number INTEGER NOT NULL, stream TEXT NOT NULL, "
        + "PRIMARY KEY (processor, query, target)) WITHOUT ROWID";

    public const string ReadPosition =
        $"SELECT epoch, number, stream FROM {Positions} "
        + "WHERE processor = $processor AND query = $query AND target = $target";

    public const string TakePosition =
        $"INSERT INTO {Positions} (processor, query, target, epoch, number, stream) "
        + "VALUES ($processor, $query, $target, $epoch, 0, $stream) "
        + "ON CONFLICT (processor, query, target) DO UPDATE SET epoch = excluded.epoch, stream = excluded.stream";

    public const string MovePosition =
        $"UPDATE {Positions} SET number = $last "
        + "WHERE processor = $processor AND query = $query AND target = $target "
        + "AND epoch = $epoch AND stream = $stream AND number = $previous";

    private readonly string _table;
    private readonly TableWriteMode _mode;
    private readonly IReadOnlyList<ResultColumn> _columns;

    /// <param name="table">The name of the table.</param>
    /// <param name="mode">What a row is.</param>
    /// <param name="columns">The columns.</param>
    public SqliteStatements(string table, TableWriteMode mode, IReadOnlyList<ResultColumn> columns)
    {
        _table = Quoted(table);
        _mode = mode;
        _columns = columns;
    }

    /// <summary>Makes the table.</summary>
    public string Create
    {
        get
        {
            var text = new StringBuilder($"CREATE TABLE IF NOT EXISTS {_table} (");
            foreach (var column in _columns)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Quoted(column.Name)} {TypeOf(column.Type)}")
                    .Append(column.IsNullable ? ", " : " NOT NULL, ");
            }

            if (_mode == TableWriteMode.Upsert)
                text.Append(CultureInfo.InvariantCulture, $"PRIMARY KEY ({Names(column => column.IsKey)}), ");
            text.Length -= 2;
            return text.Append(')').ToString();
        }
    }

    /// <summary>Adds a row, or puts it in the place of the one before; a parameter for each column, in order.</summary>
    public string Insert
    {
        get
        {
            var text = new StringBuilder($"INSERT INTO {_table} ({Names(_ => true)}) VALUES (");
            for (var column = 0; column < _columns.Count; column++)
                text.Append(column == 0 ? "" : ", ").Append(ParameterOf(column));
            text.Append(')');
            if (_mode == TableWriteMode.Append)
                return text.ToString();
            text.Append(CultureInfo.InvariantCulture, $" ON CONFLICT ({Names(column => column.IsKey)}) DO UPDATE SET ");
            foreach (var column in _columns)
            {
                if (!column.IsKey)
                {
                    text.Append(
                        CultureInfo.InvariantCulture, $"{Quoted(column.Name)} = excluded.{Quoted(column.Name)}, ");
                }
            }

            text.Length -= 2;
            return text.ToString();
        }
    }

    /// <summary>Takes the row of a key and window away; the same parameters, those of the key count.</summary>
    public string Delete
    {
        get
        {
            var text = new StringBuilder($"DELETE FROM {_table} WHERE ");
            for (var column = 0; column < _columns.Count; column++)
            {
                if (_columns[column].IsKey)
                {
                    text.Append(
                        CultureInfo.InvariantCulture, $"{Quoted(_columns[column].Name)} = {ParameterOf(column)} AND ");
                }
            }

            text.Length -= " AND ".Length;
            return text.ToString();
        }
    }

    /// <summary>The parameter of a column.</summary>
    public static string ParameterOf(int column) => string.Create(CultureInfo.InvariantCulture, $"$c{column}");

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string TypeOf(ResultColumnType type) => type switch
    {
        ResultColumnType.Integer or ResultColumnType.Boolean => "INTEGER",
        ResultColumnType.Number => "REAL",
        _ => "TEXT",
    };

    private string Names(Func<ResultColumn, bool> which)
    {
        var text = new StringBuilder();
        foreach (var column in _columns)
        {
            if (which(column))
                text.Append(text.Length == 0 ? "" : ", ").Append(Quoted(column.Name));
        }

        return text.ToString();
    }
}
