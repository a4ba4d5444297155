using System.Globalization;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Terminal;

/// <summary>Says how much of a job is done, and how fast it is going: the rate of the last few seconds.</summary>
internal sealed class ProgressMeter
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _clock;
    private readonly Queue<(long Timestamp, long Bytes, long Events)> _readings = new();

    public ProgressMeter(TimeProvider clock)
    {
        _clock = clock;
        _readings.Enqueue((clock.GetTimestamp(), 0, 0));
    }

    /// <summary>Such as "412 of 1,000 MB, 310 MB/s, 5.1 M events/s".</summary>
    public string Read(JobProgress progress)
    {
        var now = (Timestamp: _clock.GetTimestamp(), Bytes: progress.ReadBytes, progress.Events);
        _readings.Enqueue(now);
        while (_readings.Count > 2 && _clock.GetElapsedTime(_readings.Peek().Timestamp, now.Timestamp) > Span)
            _readings.Dequeue();
        var then = _readings.Peek();
        var seconds = Math.Max(_clock.GetElapsedTime(then.Timestamp, now.Timestamp).TotalSeconds, 1e-3);
        var total = progress.TotalBytes is { } bytes ? $" of {Megabytes(bytes)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Megabytes(now.Bytes)}{total} MB, {Megabytes((now.Bytes - then.Bytes) / seconds)} MB/s, ")
            + $"{Count((now.Events - then.Events) / seconds)} events/s";
    }

    private static string Megabytes(double bytes) =>
        (bytes / 1e6).ToString(bytes < 1e7 ? "N1" : "N0", CultureInfo.InvariantCulture);

    private static string Count(double count) => count switch
    {
        >= 1e6 => (count / 1e6).ToString("N1", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (count / 1e3).ToString("N0", CultureInfo.InvariantCulture) + " k",
        _ => count.ToString("N0", CultureInfo.InvariantCulture),
    };
}
