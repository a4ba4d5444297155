using System.Globalization;
using DisruptorStream.Emission.Tables;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sqlite;

/// <summary>Puts the cells of a row into the parameters of a statement.</summary>
internal struct SqliteCells : IResultCells
{
    private static readonly object[] Booleans = [0L, 1L];

    private readonly SqliteParameter[] _parameters;
    private int _next;

    public SqliteCells(SqliteParameter[] parameters) => _parameters = parameters;

    public void AddNull() => Add(DBNull.Value);

    public void AddText(string value) => Add(value);

    public void AddInteger(long value) => Add(value);

    // SQLite has no NaN: it makes null of it.
    public void AddNumber(double value) => Add(double.IsNaN(value) ? DBNull.Value : value);

    public void AddTime(long ticks) => Add(new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc)
        .ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));

    public void AddBoolean(bool value) => Add(Booleans[value ? 1 : 0]);

    private void Add(object value) => _parameters[_next++].Value = value;
}
