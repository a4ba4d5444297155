using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Text;
using DisruptorStream.Emission;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Says what a job would do.</summary>
internal static class JobPlan
{
    /// <summary>The inputs, the columns, and the plan that the engine makes, a line for each point.</summary>
    /// <exception cref="InvalidDataException">An input lacks a column, or its header.</exception>
    public static async Task<string> DescribeAsync(
        JobSettings settings, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var layout = settings.Layout;
        var text = new StringBuilder();
        foreach (var file in files)
        {
            // What can be read only once is left to the job.
            var isRead = file != InputFiles.StandardInput
                && FileIdentity.Of(file, isOutput: false) is null or { Kind: FileKind.Regular };
            if (isRead)
                await CheckHeaderAsync(layout, file, cancellationToken);
            Append(text, "input", DescribeInput(layout.Format, file, isRead));
        }

        Append(text, "time", $"{layout.Fields[EventLayout.TimeField]}, {layout.TimeFormatName}");
        Append(
            text,
            "disorder",
            $"out-of-orderness {Duration.Format(settings.OutOfOrderness)}, "
                + $"lateness {Duration.Format(settings.Lateness)}");
        Append(text, "key", layout.KeyNames is [] ? "none, one group" : string.Join(", ", layout.KeyNames));
        foreach (var (name, node) in layout.Expressions.Columns)
            Append(text, "let", $"{ExpressionPrinter.PrintName(name)} = {ExpressionPrinter.Print(node)}");
        if (layout.Expressions.Where is { } where)
            Append(text, "where", ExpressionPrinter.Print(where));
        foreach (var measure in layout.Measures)
            Append(text, "measure", $"{measure.EngineName}, {measure.Type}");
        Append(text, "results", $"{string.Join(", ", settings.Aggregates.Names)} for each key and window");
        await using var processor = StreamJob.Build(settings, new NoResults(), null);
        text.Append(processor.ExplainPlan());
        return text.ToString();
    }

    private static void Append(StringBuilder text, string what, string value) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"{what,-14}{PlainText.Of(value)}");

    private static async Task CheckHeaderAsync(EventLayout layout, string file, CancellationToken cancellationToken)
    {
        await using var header = new EventReader(
            file, InputFiles.Open(file).Stream, layout, new BadLines(TextWriter.Null, isStrict: false));
        await header.ReadFirstAsync(cancellationToken);
    }

    private static string DescribeInput(InputFormat format, string file, bool isRead) => !isRead
        ? $"{(file == InputFiles.StandardInput ? "standard input" : file)}, {format.ToString().ToLowerInvariant()}, "
            + "not read"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{file}, {format.ToString().ToLowerInvariant()}, {new FileInfo(file).Length:N0} bytes");

    private sealed class NoResults : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }
}
