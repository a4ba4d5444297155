using System.Globalization;
using System.Text;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.PostgreSql;

/// <summary>The texts of the statements of a sink.</summary>
internal sealed class PostgreSqlStatements
{
    private readonly string _table;
    private readonly string _positions;
    private readonly TableWriteMode _mode;
    private readonly IReadOnlyList<ResultColumn> _columns;

    /// <param name="schema">The schema; null for the server's search path.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="mode">What a row is.</param>
    /// <param name="columns">The columns; none before they are known.</param>
    /// <exception cref="ArgumentException">A name is longer than the server takes.</exception>
    public PostgreSqlStatements(
        string? schema, string table, TableWriteMode mode, IReadOnlyList<ResultColumn> columns)
    {
        var prefix = PostgreSqlNames.Prefix(schema);
        _table = $"{prefix}{Quoted(table)}";
        _positions = $"{prefix}disruptorstream_positions";
        _mode = mode;
        _columns = columns;
    }

    /// <summary>The table, as statements name it.</summary>
    public string Table => _table;

    /// <summary>The table of the positions, as statements name it.</summary>
    public string Positions => _positions;

    public string CreatePositions =>
        $"CREATE TABLE IF NOT EXISTS {_positions} (processor text NOT NULL, query text NOT NULL, target text NOT NULL, "
        + "epoch bigint NOT NULL, number bigint NOT NULL, stream text NOT NULL, "
        + "PRIMARY KEY (processor, query, target))";

    /// <summary>Waits for a transaction that has the row.</summary>
    public string ReadPosition =>
        $"SELECT epoch, number, stream FROM {_positions} WHERE processor = $1 AND query = $2 AND target = $3 "
        + "FOR UPDATE";

    public string AddPosition =>
        $"INSERT INTO {_positions} (processor, query, target, epoch, number, stream) VALUES ($1, $2, $3, 0, 0, '') "
        + "ON CONFLICT DO NOTHING";

    public string TakePosition =>
        $"UPDATE {_positions} SET epoch = $4, stream = $5 WHERE processor = $1 AND query = $2 AND target = $3";

    public string MovePosition =>
        $"UPDATE {_positions} SET number = $7 WHERE processor = $1 AND query = $2 AND target = $3 "
        + "AND epoch = $4 AND stream = $5 AND number = $6";

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

    /// <summary>Asks whether the table has all columns.</summary>
    public string Probe => $"SELECT {Names(_ => true)} FROM {_table} LIMIT 0";

    public string Copy => $"COPY {_table} ({Names(_ => true)}) FROM STDIN (FORMAT BINARY)";

    /// <summary>Adds rows, or puts them in the place of those before; an array for each column, in order.</summary>
    public string Upsert
    {
        get
        {
            var text = new StringBuilder($"INSERT INTO {_table} ({Names(_ => true)}) SELECT * FROM unnest(");
            AppendArrays(text, _ => true);
            text.Append(
                CultureInfo.InvariantCulture, $") ON CONFLICT ({Names(column => column.IsKey)}) DO UPDATE SET ");
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

    /// <summary>Takes rows away; an array for each column of the key, in order.</summary>
    public string Delete
    {
        get
        {
            var names = Names(column => column.IsKey);
            var text = new StringBuilder($"DELETE FROM {_table} WHERE ({names}) IN (SELECT * FROM unnest(");
            AppendArrays(text, column => column.IsKey);
            return text.Append("))").ToString();
        }
    }

    private static string Quoted(string name) => PostgreSqlNames.Quoted(name);

    private static string TypeOf(ResultColumnType type) => type switch
    {
        ResultColumnType.Integer => "bigint",
        ResultColumnType.Number => "double precision",
        ResultColumnType.Time => "timestamptz",
        ResultColumnType.Boolean => "boolean",
        _ => "text",
    };

    private void AppendArrays(StringBuilder text, Func<ResultColumn, bool> which)
    {
        var parameter = 0;
        foreach (var column in _columns)
        {
            if (which(column))
            {
                text.Append(parameter == 0 ? "" : ", ")
                    .Append(CultureInfo.InvariantCulture, $"${++parameter}::{TypeOf(column.Type)}[]");
            }
        }
    }

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
