using DisruptorStream.Emission.Tables;
using Parquet;
using Parquet.Schema;

namespace DisruptorStream.Parquet;

/// <summary>The cells of rows, an array for each column, and how they are written.</summary>
internal sealed class ParquetColumns : IResultCells
{
    private readonly IReadOnlyList<ResultColumn> _columns;
    private readonly Array[] _arrays;
    private int _cell;

    /// <param name="columns">The columns.</param>
    /// <param name="rows">How many rows there will be.</param>
    public ParquetColumns(IReadOnlyList<ResultColumn> columns, int rows)
    {
        _columns = columns;
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

    /// <summary>The columns of the files. All are optional, so that every reader takes them alike.</summary>
    public static ParquetSchema SchemaOf(IReadOnlyList<ResultColumn> columns)
    {
        var fields = new Field[columns.Count];
        for (var column = 0; column < fields.Length; column++)
        {
            var name = columns[column].Name;
            fields[column] = columns[column].Type switch
            {
                ResultColumnType.Integer => new DataField<long?>(name),
                ResultColumnType.Number => new DataField<double?>(name),
                ResultColumnType.Boolean => new DataField<bool?>(name),
                ResultColumnType.Time => new DateTimeDataField(
                    name,
                    DateTimeFormat.Timestamp,
                    isAdjustedToUTC: true,
                    unit: DateTimeTimeUnit.Micros,
                    isNullable: true),
                _ => new DataField<string>(name),
            };
        }

        return new ParquetSchema(fields);
    }

    public void AddNull() => _cell++;

    public void AddText(string value) => ((string?[])Next(out var row))[row] = value;

    public void AddInteger(long value) => ((long?[])Next(out var row))[row] = value;

    public void AddNumber(double value) => ((double?[])Next(out var row))[row] = value;

    public void AddTime(long ticks) => ((DateTime?[])Next(out var row))[row] = Micros(ticks);

    public void AddBoolean(bool value) => ((bool?[])Next(out var row))[row] = value;

    /// <summary>Writes all columns, in their order.</summary>
    public async Task WriteAsync(
        ParquetRowGroupWriter group, ParquetSchema schema, CancellationToken cancellationToken)
    {
        for (var column = 0; column < _arrays.Length; column++)
        {
            var field = schema.DataFields[column];
            await (_arrays[column] switch
            {
                long?[] values => group.WriteAsync<long>(
                    field, values.AsMemory(), cancellationToken: cancellationToken),
                double?[] values => group.WriteAsync<double>(
                    field, values.AsMemory(), cancellationToken: cancellationToken),
                DateTime?[] values => group.WriteAsync<DateTime>(
                    field, values.AsMemory(), cancellationToken: cancellationToken),
                bool?[] values => group.WriteAsync<bool>(
                    field, values.AsMemory(), cancellationToken: cancellationToken),
                var texts => group.WriteAsync(field, (string[])texts),
            }).ConfigureAwait(false);
        }
    }

    private static DateTime Micros(long ticks) => ticks % TimeSpan.TicksPerMicrosecond == 0
        ? new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc)
        : throw new InvalidOperationException(
            $"A window begins or ends at tick {ticks}, and a timestamp has whole microseconds; set Times of the sink "
            + "to WindowTimes.Ticks.");

    private Array Next(out int row)
    {
        (row, var column) = Math.DivRem(_cell++, _columns.Count);
        return _arrays[column];
    }
}
