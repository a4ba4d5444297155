using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Sqlite;
using DisruptorStream.Testing.Contracts;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sinks.Tests.Sqlite;

/// <summary>The contract of durable sinks, for a database in a file.</summary>
internal sealed class SqliteSinkContract : DurableSinkContract<string>
{
    private readonly string _path;
    private readonly TableWriteMode _mode;

    public SqliteSinkContract(string directory, TableWriteMode mode)
    {
        _path = Path.Combine(directory, "results.db");
        _mode = mode;
    }

    private string ConnectionString => $"Data Source={_path};Pooling=False";

    protected override IDurableStore NewSink(Action<string> onStep) => new SqliteSink<string>(
        ConnectionString, "results", new SqliteSinkOptions { Mode = _mode, CreateTables = true })
    {
        OnStep = onStep,
    };

    protected override string KeyOf(int index) => $"key '{index}'";

    protected override ValueTask ResetAsync()
    {
        File.Delete(_path);
        File.Delete($"{_path}-journal");
        return default;
    }

    protected override ValueTask<IReadOnlyList<long>> ReadNumbersAsync()
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number FROM results";
        using var rows = command.ExecuteReader();
        var numbers = new List<long>();
        while (rows.Read())
            numbers.Add(rows.GetInt64(0));
        return new(numbers);
    }

    protected override ValueTask<Func<ValueTask>> CopyAsync()
    {
        var bytes = File.ReadAllBytes(_path);
        return new(() =>
        {
            File.WriteAllBytes(_path, bytes);
            return default;
        });
    }

    protected override ValueTask LoseAsync()
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE results";
        command.ExecuteNonQuery();
        return default;
    }

    // A process that ends gives up its locks.
    protected override ValueTask AbandonAsync(IDurableStore sink) =>
        ((SqliteSink<string>)sink).CompleteAsync(failure: null);
}
