using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Text;
using DisruptorStream.Emission;
using DisruptorStream.Expressions.Kernels.Conversions;
using DisruptorStream.Reporting.Answers;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Reads the inputs, merged by time, through the engine into the outputs.</summary>
internal static class StreamJob
{
    /// <summary>Runs a job with one query.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="inputs">Where the events come from; disposed at the end.</param>
    /// <param name="output">Where the results go.</param>
    /// <param name="lateOutput">Where the dropped events go; null for nowhere.</param>
    /// <param name="report">Where bad lines are reported.</param>
    /// <param name="progress">What is told how far the job has come.</param>
    /// <param name="cancellationToken">Ends the job.</param>
    /// <exception cref="InvalidDataException">An input is not what the settings say.</exception>
    /// <exception cref="BadLineException">A line cannot be read, and the job is strict.</exception>
    public static Task<JobSummary> RunAsync(
        JobSettings settings,
        IReadOnlyList<JobInput> inputs,
        Stream output,
        Stream? lateOutput,
        TextWriter report,
        JobProgress progress,
        CancellationToken cancellationToken) =>
        RunAsync(
            settings, inputs, [new QueryStreams(output, lateOutput)], report, progress, cancellationToken);

    /// <summary>Runs a job.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="inputs">Where the events come from; disposed at the end.</param>
    /// <param name="outputs">Where each query writes.</param>
    /// <param name="report">Where bad lines are reported.</param>
    /// <param name="progress">What is told how far the job has come.</param>
    /// <param name="cancellationToken">Ends the job.</param>
    /// <exception cref="InvalidDataException">An input is not what the settings say.</exception>
    /// <exception cref="BadLineException">A line cannot be read, and the job is strict.</exception>
    public static async Task<JobSummary> RunAsync(
        JobSettings settings,
        IReadOnlyList<JobInput> inputs,
        IReadOnlyList<QueryStreams> outputs,
        TextWriter report,
        JobProgress progress,
        CancellationToken cancellationToken)
    {
        var results = ResultWriter.CreateAll(settings, outputs, cancellationToken);
        var sinks = results.Select((writer, query) => new QuerySinks(
            writer,
            outputs[query].Late is { } late ? new DroppedEventWriter(late, settings, query) : null));
        await using var engine = JobEngine.Create(settings, [.. sinks]);
        engine.Processor.Start();
        progress.Follow(engine.Processor.GetStats);
        var badLines = new BadLines(report, settings.IsStrict);
        var counted = inputs.Select(input => input with { Stream = new CountedStream(input.Stream, progress) });
        InvalidDataException? problem;
        IReadOnlyList<UnreadCells> unread;
        IReadOnlyList<NoResultAnswer?> atEnd;
        await using (var merge = new InputMerge(settings.Layout, [.. counted], badLines))
        {
            atEnd = await ReadAsync(merge, engine, settings, cancellationToken);
            problem = FindProblem(merge, settings.Layout, badLines);
            unread = [.. merge.Unread];
        }

        var queries = results.Select((writer, query) => new QuerySummary(
            settings.Queries[query].Name, engine.StatsOf(query), writer.FailedWindows, writer.FirstFailure)
        {
            Why = engine.WhyOf(query),
            AtEnd = atEnd.ElementAtOrDefault(query),
        });
        return new JobSummary([.. queries], badLines.Lines, badLines.TextColumns, problem) { Unread = unread };
    }

    /// <summary>A name that no line had, or lines of which none could be read.</summary>
    private static InvalidDataException? FindProblem(InputMerge merge, EventLayout layout, BadLines badLines)
    {
        if (layout.Format == InputFormat.Ndjson)
        {
            var sightings = new FieldSightings(layout.InputFields);
            merge.AddTo(sightings);
            if (sightings.FindMissing() is { } missing)
                return new InvalidDataException(missing.Message, missing);
        }

        if (badLines.Lines.Events + badLines.Lines.Filtered > 0 || badLines.First is not { } first)
            return null;
        var text = badLines.TextColumns.Keys.FirstOrDefault();
        return new InvalidDataException(
            $"No line could be read. The first: {first}."
            + (text is null ? "" : $" '{PlainText.Of(text)}' is text; count, distinct, top and arg_max take texts."),
            text is null ? null : new MissingColumnException("It is text.", text));
    }

    /// <summary>
    /// Reads all there is. Ends at once when the engine does, as when an output fails while an input keeps silent.
    /// </summary>
    private static async Task<IReadOnlyList<NoResultAnswer?>> ReadAsync(
        InputMerge merge, JobEngine engine, JobSettings settings, CancellationToken cancellationToken)
    {
        var processor = engine.Processor;

        // Disposed by what cancels it, which may be after this has ended.
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var endToken = end.Token;
        _ = processor.Completion.ContinueWith(
            _ =>
            {
                end.Cancel();
                end.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        try
        {
            var atEnd = await PublishAsync(merge, engine, settings, endToken);
            await StopAsync(processor, cancellationToken);
            return atEnd;
        }
        catch (Exception exception) when (exception is OperationCanceledException or StreamProcessorException)
        {
            // A sink that is told to end fails the engine, and so does one that cannot write: the cause counts.
            cancellationToken.ThrowIfCancellationRequested();
            if (processor.Completion.IsCompleted)
                await processor.Completion;
            throw;
        }
    }

    /// <summary>Waits for as long as those who read the output take.</summary>
    private static async Task StopAsync(EventProcessor processor, CancellationToken cancellationToken)
    {
        while (!processor.Completion.IsCompleted)
        {
            try
            {
                await processor.StopAsync(StopMode.Complete, cancellationToken);
            }
            catch (EngineHeldException)
            {
                // The stop goes on.
            }
        }

        await processor.Completion;
    }

    /// <summary>
    /// Publishes all there is. Returns what was said of each query before the end, where that is asked.
    /// </summary>
    private static async Task<IReadOnlyList<NoResultAnswer?>> PublishAsync(
        InputMerge merge, JobEngine engine, JobSettings settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<NoResultAnswer?> atEnd = [];
        foreach (var name in merge.Names)
            engine.AddSource(name);
        while (true)
        {
            var hasEvent = await merge.MoveNextAsync(cancellationToken);

            if (!hasEvent && settings.AsksWhy)
            {
                await engine.Processor.FlushAsync(cancellationToken);
                atEnd = [.. settings.Queries.Select((_, query) => engine.WhyOf(query))];
            }

            // What has ended holds no window back, from the next event on: else it would hold them until a buffer of
            // another input is used up, and what is late would depend on the buffers.
            while (merge.TryTakeCompleted(out var completed))
                engine.Complete(completed);
            if (!hasEvent)
                return atEnd;
            do
            {
                engine.Publish(merge.CurrentIndex, merge.Current);
                engine.PublishRows(merge);
            }
            while (merge.TryMoveNext());
        }
    }
}
