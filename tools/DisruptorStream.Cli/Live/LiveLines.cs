using System.Globalization;

namespace DisruptorStream.Cli.Live;

/// <summary>Shows a board where nothing can be redrawn: a line for each key and window, once.</summary>
internal sealed class LiveLines : LiveView
{
    private readonly TextWriter _output;
    private readonly Dictionary<string, DateTimeOffset> _shown = new(StringComparer.Ordinal);

    public LiveLines(TextWriter output) => _output = output;

    public override void Show(LiveDemo demo, TimeSpan elapsed)
    {
        foreach (var row in demo.Board.Rows)
        {
            if (_shown.TryGetValue(row.Key, out var shown) && shown == row.WindowEnd)
                continue;
            _shown[row.Key] = row.WindowEnd;
            var anomaly = row.Score.IsAnomaly ? $"  anomaly: p95 is {Number(row.Score.Score)} deviations off" : "";
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.WindowEnd:HH:mm:ss}  {row.Key,-10} {row.Rate,8:N1}/s  p50 {row.P50,8:N1}  p95 {row.P95,8:N1}  ")
                + string.Create(CultureInfo.InvariantCulture, $"p99 {row.P99,8:N1} ms{anomaly}"));
        }

        _output.Flush();
    }

    private static string Number(double value) => value.ToString("N1", CultureInfo.InvariantCulture);
}
