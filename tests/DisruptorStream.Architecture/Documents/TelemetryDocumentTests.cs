using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using DisruptorStream.Hosting;
using DisruptorStream.Pipeline.Lifecycle;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Architecture.Documents;

/// <summary>docs/telemetry.md lists what there is, and the dashboard asks for nothing else.</summary>
public sealed partial class TelemetryDocumentTests
{
    private static string[][] Instruments { get; } =
    [
        .. RowsOf("docs/telemetry.md")
            .Where(row => row.Length == 6 && row[0].StartsWith("disruptorstream.", StringComparison.Ordinal)),
    ];

    [Fact]
    public async Task Instruments_OfAStream_AreThoseOfTheTable()
    {
        var seen = await InstrumentWatch.RunAsync();
        var listed = Instruments.Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]}");

        Assert.Equal(listed.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PrometheusNames_OfTheTable_AreTheExportersNames() =>
        Assert.All(Instruments, row => Assert.Equal(PrometheusName(row[0], row[1], row[2]), row[4]));

    [Fact]
    public void Dashboard_ItsPanels_ShowEveryInstrumentAndNothingElse()
    {
        var text = File.ReadAllText(Repository.PathOf("docs/grafana-dashboard.json"));
        using var dashboard = JsonDocument.Parse(text);
        var series = Instruments.Select(row => row[1] == "histogram" ? $"{row[4]}_bucket" : row[4]);
        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .SelectMany(expression => Metric().Matches(expression).Select(match => match.Value))
            .Where(name => !IsLabel(name))
            .Distinct();

        Assert.Equal(series.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    /// <summary>Panels lie beside each other, and each can be told from the others.</summary>
    [Fact]
    public void Dashboard_ItsPanels_HavePlacesAndNumbersOfTheirOwn()
    {
        var text = File.ReadAllText(Repository.PathOf("docs/grafana-dashboard.json"));
        using var dashboard = JsonDocument.Parse(text);
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.Distinct(panels.Select(panel => panel.GetProperty("title").GetString()));
        Assert.Distinct(panels.Select(panel => panel.GetProperty("gridPos").ToString()));
    }

    [Theory]
    [InlineData("docs/telemetry.md", typeof(RuntimeLog))]
    [InlineData("docs/hosting.md", typeof(HostingLog))]
    public void LogEvents_OfTheTable_AreThoseOfTheCode(string page, Type log)
    {
        var events = log.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .Where(message => message is not null)
            .Select(message => $"{message!.EventId} {message.Level}");
        var listed = RowsOf(page).Where(row => row.Length == 3 && int.TryParse(row[0], out _))
            .Select(row => $"{row[0]} {row[1]}");

        Assert.Equal(events.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static string[][] RowsOf(string page) =>
    [
        .. File.ReadLines(Repository.PathOf(page))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim().Trim('`')).ToArray()),
    ];

    private static bool IsLabel(string name) => name
        is "disruptorstream_processor" or "disruptorstream_drop_reason" or "disruptorstream_source"
        or "disruptorstream_stage" or "disruptorstream_query" or "disruptorstream_quantile";

    private static string PrometheusName(string name, string kind, string unit)
    {
        var suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return name.Replace('.', '_') + suffix + (kind == "counter" ? "_total" : "");
    }

    [GeneratedRegex("disruptorstream_[a-z_]+")]
    private static partial Regex Metric();
}
