using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.LoadTests.Commands;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>How fast <c>dstream run</c> reads, beside a bare scan of the same bytes for the ends of fields.</summary>
/// <remarks>
/// Both take turns over bytes in memory, and the best round of each counts. The limit is well below what was measured
/// on a machine that others use as well.
/// </remarks>
internal static class CsvLimit
{
    private const int Bytes = 30_000_000;
    private const int WarmUps = 2;
    private const int Rounds = 7;
    private const double AtLeast = 0.06;

    private static readonly SearchValues<byte> Ends = SearchValues.Create(",\n"u8);

    public static async Task CheckAsync(Checklist checks)
    {
        var input = new GeneratedCsv(Bytes);
        using var memory = new MemoryStream();
        await input.CopyToAsync(memory);
        var bytes = memory.ToArray();
        var (fastestRun, fastestScan) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        var areWhole = true;
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var begin = Stopwatch.GetTimestamp();
            var events = await RunAsync(bytes);
            var run = Stopwatch.GetElapsedTime(begin);
            begin = Stopwatch.GetTimestamp();
            var lines = CountLines(bytes);
            var scan = Stopwatch.GetElapsedTime(begin);
            areWhole &= events == input.Rows && lines == input.Rows + 1;
            if (round < 0)
                continue;
            fastestRun = run < fastestRun ? run : fastestRun;
            fastestScan = scan < fastestScan ? scan : fastestScan;
        }

        var share = fastestScan / fastestRun;
        checks.Check(
            "dstream run, share of a bare scan of the same bytes",
            share >= AtLeast,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{share:F3}, at least {AtLeast:F3}; {Rate(bytes, fastestRun):F0} of "
                + $"{Rate(bytes, fastestScan):F0} MB/s"));
        checks.Check("dstream run, all rows", areWhole, $"{input.Rows} rows in each round");
    }

    private static double Rate(byte[] bytes, TimeSpan elapsed) => bytes.Length / elapsed.TotalSeconds / 1e6;

    private static async Task<long> RunAsync(byte[] bytes)
    {
        using var source = new MemoryStream(bytes, writable: false);
        var summary = await StreamJob.RunAsync(
            CsvCommand.Job(),
            [new JobInput("generated", source)],
            Stream.Null,
            null,
            TextWriter.Null,
            new JobProgress(),
            CancellationToken.None);
        return summary.BadLines == 0 ? summary.Stats.EventsProcessed : -1;
    }

    /// <summary>Finds the end of each field, and counts those that end a line.</summary>
    private static long CountLines(ReadOnlySpan<byte> rest)
    {
        var lines = 0L;
        while (rest.IndexOfAny(Ends) is >= 0 and var end)
        {
            if (rest[end] == '\n')
                lines++;
            rest = rest[(end + 1)..];
        }

        return lines;
    }
}
