using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using HdrHistogram;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace DisruptorStream.LoadTests.Plots;

/// <summary>The pictures of the reports, as PNG files.</summary>
internal static class Charts
{
    private const int Width = 900;
    private const int Height = 500;

    /// <summary>Latency over percentiles, both logarithmic, so that each nine is as wide as the one before.</summary>
    public static void Latency(string path, LongHistogram engine, LongHistogram bare)
    {
        var plot = new Plot();
        AddCurve(plot, engine, "DisruptorStream, Fused");
        AddCurve(plot, bare, "bare probe: the machine itself");
        plot.Title("From the due time of the closing event to its result in the sink");
        plot.XLabel("percentile");
        plot.YLabel("microseconds");
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [0.301, 1, 2, 3, 4, 5], ["50 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"]);
        plot.Axes.Left.TickGenerator = Decades(-2, 6);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(path, Width, Height);
    }

    /// <summary>Bars: the engine as a share of the best hand-written loop.</summary>
    public static void Throughput(string path, IReadOnlyList<ThroughputReport> reports)
    {
        var plot = new Plot();
        var bars = new List<Bar>();
        for (var index = 0; index < reports.Count; index++)
        {
            var rows = reports[index].Rows.Where(row => row.IsLimit)
                .OrderByDescending(row => row.MillionPerSecond).Take(1)
                .Concat(reports[index].Rows.Where(row => !row.IsLimit))
                .ToArray();
            for (var bar = 0; bar < rows.Length; bar++)
            {
                bars.Add(new Bar
                {
                    Position = index + (bar * 0.26) - 0.26,
                    Value = rows[bar].MillionPerSecond,
                    Size = 0.24,
                    FillColor = plot.Add.Palette.GetColor(bar),
                    Label = rows[bar].MillionPerSecond.ToString("F0", CultureInfo.InvariantCulture),
                });
            }
        }

        plot.Add.Bars(bars);
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "tightest loop", FillColor = ColorOf(plot, 0) });
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "Inline", FillColor = ColorOf(plot, 1) });
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "Fused", FillColor = ColorOf(plot, 2) });
        plot.ShowLegend(Alignment.UpperRight);
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. reports.Select((_, index) => (double)index)], [.. reports.Select(report => report.Work)]);
        plot.YLabel("million events per second");
        plot.Title("Beside the tightest hand-written loop for the same work");
        plot.Axes.Margins(bottom: 0, top: 0.15);
        plot.SavePng(path, Width + 300, Height);
    }

    /// <summary>Nanoseconds per event over the size of what grows.</summary>
    public static void Scale(string path, string what, IReadOnlyList<(double Size, double Nanoseconds)> points)
    {
        var plot = new Plot();
        var positions = Enumerable.Range(0, points.Count).Select(index => (double)index).ToArray();
        plot.Add.Scatter(positions, [.. points.Select(point => point.Nanoseconds)]);
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            positions, [.. points.Select(point => point.Size.ToString("N0", CultureInfo.InvariantCulture))]);
        plot.XLabel(what);
        plot.YLabel("nanoseconds per event");
        plot.Axes.SetLimitsY(0, 1.2 * points.Max(point => point.Nanoseconds));
        plot.SavePng(path, Width, Height);
    }

    private static Color ColorOf(Plot plot, int index) => plot.Add.Palette.GetColor(index);

    private static void AddCurve(Plot plot, LongHistogram histogram, string name)
    {
        var nines = Enumerable.Range(1, 100).Select(step => step * 0.05).ToArray();
        var values = nines.Select(nine => Math.Log10(
            histogram.GetValueAtPercentile(100 * (1 - Math.Pow(10, -nine))) / 1e3)).ToArray();
        var line = plot.Add.ScatterLine(nines, values);
        line.LegendText = name;
        line.LineWidth = 2;
    }

    private static NumericManual Decades(int from, int to)
    {
        var decades = Enumerable.Range(from, to - from + 1).Select(decade => (double)decade).ToArray();
        return new NumericManual(
            decades,
            [.. decades.Select(decade => Math.Pow(10, decade).ToString("0.##", CultureInfo.InvariantCulture))]);
    }
}
