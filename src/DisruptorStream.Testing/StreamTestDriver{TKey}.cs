using System.Globalization;
using System.Text;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Testing;

/// <summary>
/// Runs a pipeline inside a test: what is published is handled, and its panes can be read, before the call returns.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// One thread at a time. Nothing depends on the machine's clock or on threads: the same calls give the same panes.
/// The sinks of the pipeline are called as in production; when one fails for good, the call that published throws.
/// </remarks>
public abstract class StreamTestDriver<TKey> : IDisposable
    where TKey : notnull
{
    private const int MostShown = 8;

    private readonly DriverOutputs<TKey> _outputs;
    private int _panesRead;
    private int _droppedRead;

    private protected StreamTestDriver(StreamProcessor<TKey> processor, DriverOutputs<TKey> outputs)
    {
        Processor = processor;
        _outputs = outputs;
    }

    /// <summary>The processor, for what the driver does not show.</summary>
    public StreamProcessor<TKey> Processor { get; }

    /// <summary>The virtual clock.</summary>
    public DateTimeOffset Now => _outputs.Clock.GetUtcNow();

    /// <summary>The combined watermark, in ticks since the Unix epoch; null for none yet.</summary>
    public long? WatermarkTicks => Processor.WatermarkTicks;

    /// <summary>The sources and how far each has come.</summary>
    public IReadOnlyList<SourceWatermark> Sources => Processor.GetSources();

    /// <summary>What the processor has done so far.</summary>
    public ProcessorStats Stats => Processor.GetStats();

    /// <summary>All panes so far, retractions included, in their order, whether or not they were read.</summary>
    public IReadOnlyList<WindowResult<TKey>> Panes => _outputs.Panes.Results;

    /// <summary>All dropped events so far, in their order, whether or not they were read.</summary>
    public IReadOnlyList<CollectedDrop<TKey>> Dropped => _outputs.Dropped.Dropped;

    private protected abstract SourcePublisher Main { get; }

    /// <summary>
    /// Moves the clock on and tells the pipeline, once; where event time may go on with the clock, at every second tick
    /// interval.
    /// </summary>
    /// <param name="by">More than zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or negative.</exception>
    public void AdvanceTime(TimeSpan by) => _outputs.AdvanceTime(Processor, by);

    /// <summary>States that the main source sends nothing further before a time.</summary>
    /// <param name="ticks">In ticks of 100 ns since the Unix epoch, exclusive.</param>
    /// <remarks>A named source has the method itself: <see cref="SourcePublisher.AdvanceWatermark(long)"/>.</remarks>
    public void AdvanceWatermark(long ticks) => Main.AdvanceWatermark(ticks);

    /// <inheritdoc cref="AdvanceWatermark(long)"/>
    /// <param name="time">No further event is before this.</param>
    public void AdvanceWatermark(DateTimeOffset time) => Main.AdvanceWatermark(time);

    /// <summary>Ends the input: every open window fires. Nothing can be published after it.</summary>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    public void Complete() => Processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();

    /// <summary>Takes the oldest pane that was not read yet.</summary>
    /// <exception cref="StreamTestException">There is none; the message says what has happened so far.</exception>
    public WindowResult<TKey> ReadPane() => TryReadPane(out var pane) ? pane : throw new StreamTestException(
        $"There is no pane to read: {_panesRead} were read before. {Situation()}");

    /// <summary>Takes the oldest pane that was not read yet, if there is one.</summary>
    /// <param name="pane">The pane; it stays valid.</param>
    /// <returns>False when all were read.</returns>
    public bool TryReadPane(out WindowResult<TKey> pane)
    {
        var panes = Panes;
        var isThere = _panesRead < panes.Count;
        pane = isThere ? panes[_panesRead++] : default;
        return isThere;
    }

    /// <summary>Takes all panes that were not read yet.</summary>
    public IReadOnlyList<WindowResult<TKey>> ReadPanes()
    {
        var unread = Unread(Panes, _panesRead);
        _panesRead += unread.Count;
        return unread;
    }

    /// <summary>All panes of a key so far, whether or not they were read.</summary>
    /// <param name="key">The key; one that never came has none.</param>
    public IReadOnlyList<WindowResult<TKey>> PanesOf(TKey key)
    {
        var found = new List<WindowResult<TKey>>();
        foreach (var pane in Panes)
        {
            if (pane.Key.Equals(key))
                found.Add(pane);
        }

        return found;
    }

    /// <summary>Fails if there is a pane that was not read.</summary>
    /// <exception cref="StreamTestException">There is one; the message shows them.</exception>
    public void ExpectNoPanes() => ExpectNone("pane", Unread(Panes, _panesRead));

    /// <summary>Takes the oldest dropped event that was not read yet.</summary>
    /// <exception cref="StreamTestException">There is none; the message says what has happened so far.</exception>
    public CollectedDrop<TKey> ReadDropped()
    {
        var dropped = Dropped;
        return _droppedRead < dropped.Count ? dropped[_droppedRead++] : throw new StreamTestException(
            $"There is no dropped event to read: {_droppedRead} were read before. {Situation()}");
    }

    /// <summary>Fails if there is a dropped event that was not read.</summary>
    /// <exception cref="StreamTestException">There is one; the message shows them.</exception>
    public void ExpectNoDropped() => ExpectNone("dropped event", Unread(Dropped, _droppedRead));

    /// <summary>Gives the pipeline's memory back. Open windows do not fire.</summary>
    public void Dispose()
    {
        Processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    private static List<T> Unread<T>(IReadOnlyList<T> all, int read)
    {
        var unread = new List<T>(all.Count - read);
        for (var i = read; i < all.Count; i++)
            unread.Add(all[i]);
        return unread;
    }

    private static void ExpectNone<T>(string name, List<T> unread)
    {
        if (unread.Count == 0)
            return;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"No {name} was expected, but {unread.Count} came:");
        for (var i = 0; i < Math.Min(MostShown, unread.Count); i++)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {unread[i]}");
        if (unread.Count > MostShown)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  and {unread.Count - MostShown} more");
        throw new StreamTestException(text.ToString());
    }

    private string Situation()
    {
        var stats = Stats;
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{stats.EventsProcessed} events came, {stats.ActiveWindows} slices, windows or sessions are open, ");
        var watermark = stats.WatermarkTicks switch
        {
            null => "there is no watermark yet",
            long.MaxValue => "the input has ended",
            { } ticks => string.Create(CultureInfo.InvariantCulture, $"the watermark is at {ticks} ticks"),
        };
        text.Append(CultureInfo.InvariantCulture, $"{watermark}, the clock at {Now:O}");
        foreach (var source in Sources)
        {
            var progress = source.WatermarkTicks is { } ticks
                ? string.Create(CultureInfo.InvariantCulture, $"at {ticks} ticks")
                : "without a watermark";
            text.Append(CultureInfo.InvariantCulture, $", source \"{source.Name}\" {source.State} {progress}");
        }

        var dropped = Dropped;
        if (dropped.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"; {dropped.Count} dropped, the last {dropped[^1]}");
        return text.Append('.').ToString();
    }
}
