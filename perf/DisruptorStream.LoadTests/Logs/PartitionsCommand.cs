using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cluster;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.Nats.Logs;
using DisruptorStream.PostgreSql.Logs;
using static DisruptorStream.LoadTests.Pairs.MedianInterval;

namespace DisruptorStream.LoadTests.Logs;

/// <summary>
/// Events per second of the owner of one partition, beside a bare copy of the same records through the same server by
/// the same client.
/// </summary>
internal static class PartitionsCommand
{
    private const int Laps = 3;
    private const int RecordEvents = 1_000;
    private const double LeastShare = 0.7;

    public static Command Create()
    {
        var records = new Option<int>("--records")
        {
            DefaultValueFactory = _ => 1_000,
            Description = "Records of a lap, of 1,000 events each.",
        };
        var command = new Command(
            "partitions",
            "A partition of a query beside a bare copy of its input, on the servers that DISRUPTORSTREAM_NATS and "
            + "DISRUPTORSTREAM_POSTGRESQL name.")
        {
            records,
        };
        command.SetAction((result, _) => RunAsync(result.GetValue(records)));
        return command;
    }

    private static async Task<int> RunAsync(int records)
    {
        var checklist = new Checklist();
        if (Environment.GetEnvironmentVariable("DISRUPTORSTREAM_NATS") is { Length: > 0 } nats)
        {
            await using var logs = new NatsLogStore(new NatsLogOptions { Url = nats });
            await MeasureAsync("NATS", logs, records, checklist);
        }
        else
        {
            checklist.Skip("NATS", "DISRUPTORSTREAM_NATS names no server");
        }

        if (Environment.GetEnvironmentVariable("DISRUPTORSTREAM_POSTGRESQL") is { Length: > 0 } server)
        {
            await using var logs = new PostgreSqlLogStore(server, new PostgreSqlLogOptions { CreateTables = true });
            await MeasureAsync("PostgreSQL", logs, records, checklist);
        }
        else
        {
            checklist.Skip("PostgreSQL", "DISRUPTORSTREAM_POSTGRESQL has no connection string");
        }

        return checklist.Conclude();
    }

    private static async Task MeasureAsync(string name, IPartitionLogStore logs, int records, Checklist checklist)
    {
        var (owned, copied, written) = (new List<double>(), new List<double>(), new List<double>());
        for (var lap = -1; lap < Laps; lap++)
        {
            var query = Query(logs);
            await query.CreateTopicsAsync();
            var write = await WriteAsync(query, records);
            var copy = await CopyAsync(logs, query.Options.InputTopic);
            var own = await OwnAsync(query, records);
            if (lap < 0)
                continue;
            written.Add(write);
            copied.Add(copy);
            owned.Add(own);
        }

        double events = records * RecordEvents;
        var (owner, bare, writer) = (events / MedianOf(owned), events / MedianOf(copied), events / MedianOf(written));
        checklist.Check(name, owner / bare >= LeastShare, string.Create(
            CultureInfo.InvariantCulture,
            $"owner {owner:N0} events/s, bare copy {bare:N0}: {owner / bare:F2} x (at least {LeastShare}); writer "
            + $"{writer:N0}"));
    }

    private static PartitionedQuery<Reading, int> Query(IPartitionLogStore logs)
    {
        var id = Guid.NewGuid().ToString("N")[..8];
        return new PartitionedQuery<Reading, int>(
            StreamProcessorBuilder.For<Reading>()
                .KeyBy(reading => reading.Sensor)
                .EventTime(reading => reading.Ticks)
                .Measure("value", reading => reading.Value)
                .TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Count("readings").Average("mean", "value").Max("highest", "value")),
            new PartitionOptions<Reading>
            {
                Logs = logs,
                InputTopic = $"readings-{id}",
                OutputTopic = $"means-{id}",
                Partitions = 1,
                Format = new ReadingFormat(),
            });
    }

    private static async Task<double> WriteAsync(PartitionedQuery<Reading, int> query, int records)
    {
        var watch = Stopwatch.StartNew();
        await using var writer = query.NewWriter(new() { MaxRecordBytes = RecordEvents * 20 });
        for (var at = 0; at < records * RecordEvents; at++)
            await writer.WriteAsync(new Reading(at % 100, at * 100L, at % 17));
        await writer.CompleteAsync();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> CopyAsync(IPartitionLogStore logs, string topic)
    {
        var copy = $"{topic}-copy";
        await logs.CreateTopicAsync(copy, 1, default);
        var watch = Stopwatch.StartNew();
        await using var from = await logs.OpenAsync(topic, 0, default);
        await using var to = await logs.OpenAsync(copy, 0, default);
        var last = 0L;
        await foreach (var entry in from.ReadAsync(0, follow: false, default))
            last = await to.AppendAsync(new LogRecord(entry.Record.Body, []), last, default);
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> OwnAsync(PartitionedQuery<Reading, int> query, int records)
    {
        var watch = Stopwatch.StartNew();
        await using var owner = query.NewOwner(0);
        owner.Start();
        while (owner.GetStatus().WatermarkTicks != long.MaxValue)
            await Task.Delay(1);
        await owner.StopAsync();
        var time = watch.Elapsed.TotalSeconds;
        if (owner.GetStatus().EventsHandled != (long)records * RecordEvents || owner.GetStatus().Results == 0)
            throw new InvalidDataException($"The owner has not handled all: {owner.GetStatus()}");
        return time;
    }
}
