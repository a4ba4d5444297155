using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs.Queries;
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
        foreach (var (name, node) in layout.Expressions.Columns)
            Append(text, "let", $"{ExpressionPrinter.PrintName(name)} = {ExpressionPrinter.Print(node)}");
        foreach (var measure in layout.Measures)
            Append(text, "measure", $"{measure.EngineName}, {measure.Type}");
        for (var query = 0; query < settings.Queries.Count; query++)
            AppendQuery(text, settings, query);
        var sinks = settings.Queries.Select(_ => new QuerySinks(new NoResults(), null));
        var isOrdered = settings.Queries.Count(query => query.ShowsName) > 1;
        await using var engine = JobEngine.Create(settings, [.. sinks], isOrdered);
        text.Append(engine.Processor.ExplainPlan());
        return text.ToString();
    }

    private static void AppendQuery(StringBuilder text, JobSettings settings, int index)
    {
        var (query, row) = (settings.Queries[index], settings.Layout.Queries[index]);
        if (query.Name is not null)
        {
            Append(text, "query", $"{query.Name}, "
                + (query.Output is { } output ? $"to {output}" : "to the output of the job, with its name"));
        }

        Append(text, "key", row.KeyNames is [] ? "none, one group" : string.Join(", ", row.KeyNames));
        var conditions = settings.Layout.Expressions.Conditions;
        for (var condition = 0; condition < conditions.Count; condition++)
        {
            if ((row.Conditions >> condition & 1) != 0)
                Append(text, "where", ExpressionPrinter.Print(conditions[condition].Node));
        }

        Append(text, "results", $"{string.Join(", ", query.Aggregates.Names)} for each key and window");
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
