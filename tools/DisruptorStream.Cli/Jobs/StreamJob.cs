using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Text;
using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Expressions.Kernels.Conversions;
using DisruptorStream.Ingest;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Reads the inputs, merged by time, through the engine into the outputs.</summary>
internal static class StreamJob
{
    /// <param name="settings">What to do.</param>
    /// <param name="inputs">Where the events come from; disposed at the end.</param>
    /// <param name="output">Where the results go.</param>
    /// <param name="lateOutput">Where the dropped events go; null for nowhere.</param>
    /// <param name="report">Where bad lines are reported.</param>
    /// <param name="progress">What is told how far the job has come.</param>
    /// <param name="cancellationToken">Ends the job.</param>
    /// <exception cref="InvalidDataException">An input is not what the settings say.</exception>
    /// <exception cref="BadLineException">A line cannot be read, and the job is strict.</exception>
    public static async Task<JobSummary> RunAsync(
        JobSettings settings,
        IReadOnlyList<JobInput> inputs,
        Stream output,
        Stream? lateOutput,
        TextWriter report,
        JobProgress progress,
        CancellationToken cancellationToken)
    {
        var results = new ResultWriter(output, settings, cancellationToken);
        var dropped = lateOutput is null ? null : new DroppedEventWriter(lateOutput, settings);
        await using var processor = Build(settings, results, dropped);
        processor.Start();
        progress.Follow(processor.GetStats);
        var badLines = new BadLines(report, settings.IsStrict);
        var counted = inputs.Select(input => input with { Stream = new CountedStream(input.Stream, progress) });
        InvalidDataException? problem;
        IReadOnlyList<UnreadCells> unread;
        await using (var merge = new InputMerge(settings.Layout, [.. counted], badLines))
        {
            await ReadAsync(merge, processor, settings.Layout.Measures.Count, cancellationToken);
            problem = FindProblem(merge, settings.Layout, badLines);
            unread = [.. merge.Unread];
        }

        return new JobSummary(processor.GetStats(), badLines.Lines, badLines.TextColumns, problem)
        {
            Unread = unread,
            FailedWindows = results.FailedWindows,
            FirstFailure = results.FirstFailure,
        };
    }

    /// <summary>The processor of a job, not started.</summary>
    public static StreamProcessor<string> Build(
        JobSettings settings, IResultSink<string> results, IDroppedEventSink<string>? dropped)
    {
        var events = StreamProcessorBuilder.ForKeys<string>();
        foreach (var measure in settings.Layout.Measures)
            events = events.Measure(measure.EngineName, measure.Type);
        var step = settings.Window.Apply(events, settings.Offset)
            .AllowedLateness(settings.Lateness)
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = settings.OutOfOrderness,
                JumpGuard = settings.JumpGuard,
            })
            .Aggregate(settings.Aggregates.AddTo)
            .WithOptions(new StreamProcessorOptions
            {
                // Files are replays: their events are as far from the clock as they like, and keys are theirs to the
                // end.
                FutureSkewLimit = null,
                WindowRetention = TimeSpan.MaxValue,
                NonFinite = NonFinitePolicy.IgnoreMeasure,
                Mode = ExecutionMode.Fused,
                MaxSlices = 1 << 24,
                MaxWindowsPerKey = 1 << 20,
            })
            .To(results);
        return (dropped is null ? step : step.DroppedEventsTo(dropped)).Build();
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
    private static async Task ReadAsync(
        InputMerge merge, StreamProcessor<string> processor, int measureCount, CancellationToken cancellationToken)
    {
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
            await PublishAsync(merge, processor, measureCount, endToken);
            await StopAsync(processor, cancellationToken);
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
    private static async Task StopAsync(StreamProcessor<string> processor, CancellationToken cancellationToken)
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

    private static async Task PublishAsync(
        InputMerge merge, StreamProcessor<string> processor, int measureCount, CancellationToken cancellationToken)
    {
        var publishers = new List<KeyedPublisher<string>>();
        foreach (var name in merge.Names)
            publishers.Add(processor.CreatePublisher(name));
        while (true)
        {
            var hasEvent = await merge.MoveNextAsync(cancellationToken);

            // What has ended holds no window back, from the next event on: else it would hold them until a buffer of
            // another input is used up, and what is late would depend on the buffers.
            while (merge.TryTakeCompleted(out var completed))
                publishers[completed].Complete();
            if (!hasEvent)
                return;
            do
                Publish(merge.Current, publishers[merge.CurrentIndex], measureCount);
            while (merge.TryMoveNext());
        }
    }

    private static void Publish(EventReader reader, KeyedPublisher<string> publisher, int measureCount)
    {
        if (reader.IsFiltered)
            publisher.PublishFiltered(reader.Ticks);
        else if (measureCount > 0)
            publisher.PublishBits(reader.Key, reader.Ticks, reader.Measures);
        else
            publisher.Publish(reader.Key, reader.Ticks, 0);
    }
}
