using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Text;
using DisruptorStream.Emission;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Reporting;
using DisruptorStream.Windows.Texts;

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
            (settings.KeyTime is { } bound
                ? $"each key has its own time, {Duration.Format(bound)} behind its newest row, "
                : $"out-of-orderness {Duration.Format(settings.OutOfOrderness)}, ")
                + $"lateness {Duration.Format(settings.Lateness)}");
        foreach (var (name, node) in layout.Expressions.Columns)
            Append(text, "let", $"{ExpressionPrinter.PrintName(name)} = {ExpressionPrinter.Print(node)}");
        foreach (var measure in layout.Measures)
            Append(text, "measure", $"{measure.EngineName}, {measure.Type}");
        var sinks = settings.Queries.Select(_ => new QuerySinks(new NoResults(), null));
        await using var engine = JobEngine.Create(settings, [.. sinks]);
        for (var query = 0; query < settings.Queries.Count; query++)
        {
            AppendQuery(text, settings, query);
            if (settings.HasNamedQueries)
                AppendPlan(text, engine.PlanOf(query));
        }

        var plan = engine.PlanOf(0);
        if (!settings.HasNamedQueries)
            return text.Append(plan).ToString();
        Append(text, "execution", string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Mode}, each row is published once, for {settings.Queries.Count} queries"));
        text.Append(CultureInfo.InvariantCulture, $"rings         {plan.RingBytes:N0} bytes");
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

        if (query.Having is { } having)
            Append(text, "having", having);
        Append(text, "results", $"{string.Join(", ", query.Aggregates.Names)} for each key and window");
    }

    /// <summary>What is the query's own: the engine's threads and rings are those of all.</summary>
    private static void AppendPlan(StringBuilder text, ExplainPlan plan)
    {
        Append(text, "windows", plan.Windows);
        Append(text, "store", $"{plan.Store}: {plan.CostPerEvent}");
        foreach (var accumulator in plan.Accumulators)
            Append(text, "accumulator", accumulator);
        foreach (var expression in plan.Expressions)
            Append(text, "expression", expression);
        Append(text, "state", string.Create(
            CultureInfo.InvariantCulture, $"{plan.BytesPerKeyAndWindow} bytes for each key and window"));
        Append(text, "state limit", plan.StateLimit);
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
