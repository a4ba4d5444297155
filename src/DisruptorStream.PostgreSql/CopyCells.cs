using DisruptorStream.Emission.Tables;
using Npgsql;
using NpgsqlTypes;

namespace DisruptorStream.PostgreSql;

/// <summary>Writes the cells of a row to a COPY.</summary>
internal readonly struct CopyCells : IResultCells
{
    private readonly NpgsqlBinaryImporter _copy;

    public CopyCells(NpgsqlBinaryImporter copy) => _copy = copy;

    public void AddNull() => _copy.WriteNull();

    public void AddText(string value) => _copy.Write(value, NpgsqlDbType.Text);

    public void AddInteger(long value) => _copy.Write(value, NpgsqlDbType.Bigint);

    public void AddNumber(double value) => _copy.Write(value, NpgsqlDbType.Double);

    public void AddTime(long ticks) => _copy.Write(PostgreSqlTime.Of(ticks), NpgsqlDbType.TimestampTz);

    public void AddBoolean(bool value) => _copy.Write(value, NpgsqlDbType.Boolean);
}
