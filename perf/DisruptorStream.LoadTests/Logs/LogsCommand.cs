using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.PostgreSql.Logs;

namespace DisruptorStream.LoadTests.Logs;

/// <summary>Records per second of a log in PostgreSQL, beside a bare client that adds rows of the same bytes.</summary>
internal static class LogsCommand
{
    private const int Laps = 3;
    private const int Writers = 4;

    public static Command Create()
    {
        var records = new Option<int>("--records")
        {
            DefaultValueFactory = _ => 300,
            Description = "Records of a lap.",
        };
        var bytes = new Option<int>("--bytes")
        {
            DefaultValueFactory = _ => 65_536,
            Description = "Bytes of a record.",
        };
        var command = new Command(
            "logs",
            "Appends and reads of a log in PostgreSQL beside a bare client, where DISRUPTORSTREAM_POSTGRESQL has the "
            + "connection string of a server.")
        {
            records,
            bytes,
        };
        command.SetAction((result, _) => RunAsync(result.GetValue(records), result.GetValue(bytes)));
        return command;
    }

    private static async Task<int> RunAsync(int records, int bytes)
    {
        var checklist = new Checklist();
        if (Environment.GetEnvironmentVariable("DISRUPTORSTREAM_POSTGRESQL") is not { Length: > 0 } server)
        {
            checklist.Skip("logs", "DISRUPTORSTREAM_POSTGRESQL has no connection string");
            return checklist.Conclude();
        }

        var body = new byte[bytes];
        new Random(1).NextBytes(body);
        await using var store = new PostgreSqlLogStore(server, new PostgreSqlLogOptions { CreateTables = true });
        var bare = new BareLog(server);
        var rates = new Dictionary<string, (List<double> Logs, List<double> Bares)>(StringComparer.Ordinal);
        for (var lap = -1; lap < Laps; lap++)
        {
            foreach (var writers in (int[])[1, Writers])
            {
                var topic = $"rates-{Guid.NewGuid():N}";
                await store.CreateTopicAsync(topic, writers, default);
                Note(
                    $"append, {writers} at once",
                    writers * records / await AppendAsync(store, topic, writers, records, body),
                    writers * records / await bare.AppendAsync(writers, records, body));
                Note("read", records / await ReadAsync(store, topic, records), records / await bare.ReadAsync(records));
                for (var partition = 0; partition < writers; partition++)
                    await store.TruncateAsync(topic, partition, long.MaxValue, default);
            }

            if (lap < 0)
                rates.Clear();
        }

        foreach (var (name, (logs, bares)) in rates)
        {
            logs.Sort();
            bares.Sort();
            var (log, plain) = (logs[logs.Count / 2], bares[bares.Count / 2]);
            checklist.Check(name, log > 0, string.Create(
                CultureInfo.InvariantCulture,
                $"{log:N0} records/s, {log * bytes / 1e6:N1} MB/s; bare {plain:N0}: {log / plain:F2} x"));
        }

        return checklist.Conclude();

        void Note(string name, double log, double plain)
        {
            if (!rates.TryGetValue(name, out var lists))
                rates.Add(name, lists = ([], []));
            lists.Logs.Add(log);
            lists.Bares.Add(plain);
        }
    }

    private static async Task<double> AppendAsync(
        PostgreSqlLogStore store, string topic, int partitions, int records, byte[] body)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => Task.Run(async () =>
        {
            await using var log = await store.OpenAsync(topic, partition, default);
            var last = 0L;
            for (var record = 0; record < records; record++)
                last = await log.AppendAsync(new LogRecord(body, []), last, default);
        })));
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> ReadAsync(PostgreSqlLogStore store, string topic, int records)
    {
        var watch = Stopwatch.StartNew();
        await using var log = await store.OpenAsync(topic, 0, default);
        var read = 0;
        await foreach (var entry in log.ReadAsync(0, follow: false, default))
            read += entry.Position == read + 1 ? 1 : throw new InvalidDataException("A record is missing.");
        return read == records ? watch.Elapsed.TotalSeconds : throw new InvalidDataException("Records are missing.");
    }
}
