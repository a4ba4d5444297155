using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using static DisruptorStream.LoadTests.Pairs.MedianInterval;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>Rows per second of each durable sink, beside the bare client that writes the same, in turn.</summary>
internal static class SinksCommand
{
    private const int Laps = 9;

    // Until all of both is compiled for good.
    private const int WarmUpLaps = 8;
    private const double LeastRatio = 0.8;

    public static Command Create()
    {
        var rows = new Option<int>("--rows") { DefaultValueFactory = _ => 100_000, Description = "Rows of a lap." };
        var perWrite = new Option<int>("--per-write")
        {
            DefaultValueFactory = _ => 4_096,
            Description = "Rows of a write.",
        };
        var command = new Command(
            "sinks",
            "Rows per second of durable sinks beside bare clients: files, SQLite and, where DISRUPTORSTREAM_POSTGRESQL "
            + "has the connection string of a server, PostgreSQL.")
        {
            rows,
            perWrite,
        };
        command.SetAction((result, _) => RunAsync(new SinkRows(result.GetValue(rows), result.GetValue(perWrite))));
        return command;
    }

    private static async Task<int> RunAsync(SinkRows rows)
    {
        var checklist = new Checklist();
        var directory = Directory.CreateTempSubdirectory("sink-rates-").FullName;
        await MeasureAsync(checklist, "file", rows, new FilePair(directory));
        await MeasureAsync(checklist, "SQLite", rows, new SqlitePair(directory));
        if (Environment.GetEnvironmentVariable("DISRUPTORSTREAM_POSTGRESQL") is { Length: > 0 } server)
            await MeasureAsync(checklist, "PostgreSQL", rows, new PostgreSqlPair(server));
        else
            checklist.Skip("PostgreSQL", "DISRUPTORSTREAM_POSTGRESQL has no connection string");
        Directory.Delete(directory, recursive: true);
        return checklist.Conclude();
    }

    private static async Task MeasureAsync(Checklist checklist, string name, SinkRows rows, ISinkPair pair)
    {
        var (sinks, bares) = (new List<double>(), new List<double>());
        for (var lap = -WarmUpLaps; lap < Laps; lap++)
        {
            var (sink, bare) = (await pair.SinkAsync(rows), await pair.BareAsync(rows));
            if (lap < 0)
                continue;
            sinks.Add(sink);
            bares.Add(bare);
        }

        var (sinkRate, bareRate) = (rows.Rows / MedianOf(sinks), rows.Rows / MedianOf(bares));
        checklist.Check(name, sinkRate / bareRate >= LeastRatio, string.Create(
            CultureInfo.InvariantCulture,
            $"{sinkRate:N0} rows/s, bare {bareRate:N0}: {sinkRate / bareRate:F2} x, at least {LeastRatio} x"));
    }
}
