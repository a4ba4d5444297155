using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using DisruptorStream.PostgreSql;
using DisruptorStream.Testing.Contracts;

namespace DisruptorStream.Sinks.Tests.PostgreSql;

/// <summary>The contract of durable sinks, for a schema of a server.</summary>
internal sealed class PostgreSqlSinkContract : DurableSinkContract<string>
{
    private readonly Database _database;
    private readonly TableWriteMode _mode;

    public PostgreSqlSinkContract(Database database, TableWriteMode mode) => (_database, _mode) = (database, mode);

    protected override IDurableStore NewSink(Action<string> onStep) => new PostgreSqlSink<string>(
        _database.ConnectionString,
        "results",
        new PostgreSqlSinkOptions { Mode = _mode, CreateTables = true, Schema = _database.Schema })
    {
        OnStep = onStep,
    };

    protected override string KeyOf(int index) => $"key '{index}'";

    protected override async ValueTask ResetAsync() => await _database.RunAsync(
        $"DROP SCHEMA IF EXISTS {_database.Schema} CASCADE; CREATE SCHEMA {_database.Schema}");

    protected override async ValueTask<IReadOnlyList<long>> ReadNumbersAsync() =>
        [.. (await _database.RowsAsync($"SELECT number FROM {_database.Schema}.results"))
            .Select(row => long.Parse(row, System.Globalization.CultureInfo.InvariantCulture))];

    protected override async ValueTask<Func<ValueTask>> CopyAsync()
    {
        var schema = _database.Schema;
        await _database.RunAsync(
            $"CREATE TABLE {schema}.a AS SELECT * FROM {schema}.results; "
            + $"CREATE TABLE {schema}.b AS SELECT * FROM {schema}.disruptorstream_positions");
        return async () => await _database.RunAsync(
            $"DELETE FROM {schema}.results; INSERT INTO {schema}.results SELECT * FROM {schema}.a; "
            + $"DELETE FROM {schema}.disruptorstream_positions; "
            + $"INSERT INTO {schema}.disruptorstream_positions SELECT * FROM {schema}.b");
    }

    protected override async ValueTask LoseAsync() =>
        await _database.RunAsync($"DROP TABLE {_database.Schema}.results");

    protected override ValueTask AbandonAsync(IDurableStore sink) =>
        ((PostgreSqlSink<string>)sink).CompleteAsync(failure: null);
}
