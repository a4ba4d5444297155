using System.Globalization;
using Spectre.Console;
using Cell = Spectre.Console.Text;

namespace DisruptorStream.Cli.Live;

/// <summary>Shows a board as a table that redraws itself.</summary>
internal sealed class LiveTable : LiveView
{
    private static readonly Style Alarm = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Dim = new(decoration: Decoration.Dim);

    private readonly LiveDisplayContext _context;
    private readonly TimeSpan? _length;

    /// <param name="context">Where it is drawn.</param>
    /// <param name="length">How long it goes on; null for until it is interrupted.</param>
    public LiveTable(LiveDisplayContext context, TimeSpan? length)
    {
        _context = context;
        _length = length;
    }

    public override void Show(LiveDemo demo, TimeSpan elapsed)
    {
        _context.UpdateTarget(Render(demo, elapsed, _length));
        _context.Refresh();
    }

    public static Table Render(LiveDemo demo, TimeSpan elapsed, TimeSpan? length)
    {
        var table = new Table { Border = TableBorder.Rounded }
            .Title("Calls to a simulated LLM gateway: the last 10 s, every second")
            .AddColumn(new TableColumn("model"));
        foreach (var name in new[] { "calls", "calls/s", "p50 ms", "p95 ms", "p99 ms", "p95 now", "anomalies" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var row in demo.Board.Rows)
        {
            var style = row.Score.IsAnomaly ? Alarm : Style.Plain;
            table.AddRow(
                new Cell(row.Key, style),
                new Cell(Number(row.Calls, "N0"), style),
                new Cell(Number(row.Rate, "N1"), style),
                new Cell(Number(row.P50, "N1"), style),
                new Cell(Number(row.P95, "N1"), style),
                new Cell(Number(row.P99, "N1"), style),
                new Cell(Judge(row), style),
                new Cell(Number(row.Anomalies, "N0"), row.Anomalies > 0 ? Alarm : Dim));
        }

        var stats = demo.Stats;
        var end = length is { } span ? $" of {Number(span.TotalSeconds, "N0")}" : "";
        return table.Caption(
            $"{Number(stats.EventsProcessed, "N0")} calls, {Number(stats.ResultsEmitted, "N0")} results, "
            + $"{Number(elapsed.TotalSeconds, "N0")}{end} s; Ctrl+C ends it");
    }

    private static string Judge(BoardRow row) => row.Score switch
    {
        { IsAnomaly: true, Score: var score } => $"{Number(score, "N1")} deviations off",
        { Score: double.NaN } => "learning",
        _ => "usual",
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
