using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Emission;

/// <summary>A pane: the aggregates of one key and one window, at one moment.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A view on a row of a <see cref="ResultBatch{TKey}"/>, without memory of its own. A view that a sink keeps beyond its
/// call says so when it is used: every member throws an <see cref="InvalidOperationException"/>. Take a copy with
/// <see cref="ToOwned"/> instead. Results of the stream are copies already, and stay valid for good.
/// </remarks>
public readonly struct WindowResult<TKey>
{
    private readonly ResultBatch<TKey>? _batch;
    private readonly int _row;
    private readonly int _version;

    internal WindowResult(ResultBatch<TKey> batch, int row)
    {
        _batch = batch;
        _row = row;
        _version = batch.Version;
    }

    /// <summary>The key.</summary>
    public TKey Key => Batch.KeyAt(_row);

    /// <summary>The window, half-open, in ticks of 100 ns since the Unix epoch.</summary>
    public TimeWindow Window => new(Header.StartTicks, Header.EndTicks);

    /// <summary>The first moment inside the window, in UTC.</summary>
    /// <exception cref="InvalidOperationException">
    /// It lies outside the years 1 to 9999; use <see cref="Window"/>.
    /// </exception>
    public DateTimeOffset WindowStart => EventTime.ToDateTimeOffset(Header.StartTicks, "start of the window");

    /// <summary>The first moment after the window, in UTC.</summary>
    /// <exception cref="InvalidOperationException">
    /// It lies outside the years 1 to 9999; use <see cref="Window"/>.
    /// </exception>
    public DateTimeOffset WindowEnd => EventTime.ToDateTimeOffset(Header.EndTicks, "end of the window");

    /// <summary>When the pane was emitted, relative to the watermark; or that it withdraws an earlier one.</summary>
    public PaneTiming Timing => Header.Timing;

    /// <summary>
    /// Counts the panes of the key and window from 0; a retraction has the index of the pane it withdraws.
    /// </summary>
    public int PaneIndex => Header.PaneIndex;

    /// <summary>The place in the list, from 1, where the query shows the best of each window; 0 elsewhere.</summary>
    public int Rank => Header.Rank;

    /// <summary>
    /// Whether the pane was emitted as the window expired, so that none follows for this key and window.
    /// </summary>
    public bool IsLast => (Header.Flags & ResultFlags.Last) != ResultFlags.None;

    /// <summary>Whether the window was given up because of a limit; the pane holds what had come until then.</summary>
    public bool IsEvicted => (Header.Flags & ResultFlags.Evicted) != ResultFlags.None;

    /// <summary>
    /// Whether the window was not complete, and fired because its host shut down: more of its events may have been to
    /// come.
    /// </summary>
    /// <remarks>
    /// True for the on-time pane of a window whose end lay behind the watermark when a hosted processor that is not
    /// durable was stopped with <see cref="StopMode.Complete"/>. Who calls
    /// <see cref="EventProcessor.StopAsync"/> with that says that the input has ended: its panes are whole.
    /// </remarks>
    public bool IsPartial => Batch.IsPartial(_row);

    /// <summary>
    /// Whether the key had no event in the window, which is shown to fill a gap: its counts are 0, and its other values
    /// null, zero or those before, as the processor was asked to.
    /// </summary>
    public bool IsFilled => (Header.Flags & ResultFlags.Filled) != ResultFlags.None;

    /// <summary>Whether the pane says that a silence of the key has started or ended; None elsewhere.</summary>
    public SilenceChange Silence =>
        (Header.Flags & ResultFlags.SilenceStarted) != ResultFlags.None ? SilenceChange.Started
        : (Header.Flags & ResultFlags.SilenceEnded) != ResultFlags.None ? SilenceChange.Ended
        : SilenceChange.None;

    /// <summary>
    /// Whether the window has no values: user code threw while it handled it, a sum did not fit, or an exact percentile
    /// got too many values.
    /// </summary>
    /// <remarks>All values of a failed window are NaN as doubles, and throw as integers.</remarks>
    public bool IsFailed => Batch.HasFailed(_row);

    /// <summary>Why; null when the window has not failed.</summary>
    public Exception? Failure => Batch.FailureAt(_row);

    /// <summary>The sequence of the event, clock tick or end of input that fired the pane.</summary>
    public long Sequence => Header.Sequence;

    /// <summary>
    /// The result's place among all results of its query, panes and retractions alike, in their order: 1 for the first,
    /// and without gaps. Dropped events and retired keys are no results, and have none.
    /// </summary>
    /// <remarks>
    /// The same slots give every result the same number, in each mode and however often they are handled again: who
    /// keeps the number of the last result that it has stored can tell which ones are new. A processor that goes on
    /// from a saved state counts on from there.
    /// </remarks>
    public long Number => Batch.NumberAt(_row);

    /// <summary>How many values there are: one per column of the <see cref="Schema"/>.</summary>
    public int ValueCount => Schema.Count;

    /// <summary>The columns.</summary>
    public ResultSchema Schema => Batch.Schema;

    /// <summary>The names of the columns, in order.</summary>
    public IReadOnlyList<string> Names => Schema.Names;

    /// <summary>
    /// The 64 bits of each value, in the order of <see cref="Names"/>; without meaning where the window
    /// <see cref="IsFailed"/>, and 0 where a value is null.
    /// </summary>
    public ReadOnlySpan<long> RawValues => Batch.ValuesAt(_row);

    /// <summary>Whether values are null: some of them, or all because the window has failed.</summary>
    internal bool HasNulls => IsFailed || (Header.Flags & ResultFlags.NoValues) != ResultFlags.None;

    private ResultBatch<TKey> Batch
    {
        get
        {
            var batch = _batch;
            if (batch is null || batch.Version != _version)
                ThrowStale(batch);

            return batch;
        }
    }

    internal ref readonly ResultHeader Header => ref Batch.HeaderAt(_row);

    /// <summary>
    /// A value as a double; an integer column is converted, to the nearest double beyond 2^53. NaN where it is null or
    /// the window <see cref="IsFailed"/>.
    /// </summary>
    /// <param name="column">The column's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public double this[int column] => GetDouble(column);

    /// <summary>
    /// A value as a double; an integer column is converted, to the nearest double beyond 2^53. NaN where it is null or
    /// the window <see cref="IsFailed"/>.
    /// </summary>
    /// <param name="name">The column's name; upper and lower case differ.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public double this[string name] => GetDouble(name);

    /// <summary>
    /// A value as a double; an integer column is converted, to the nearest double beyond 2^53. NaN where it is null or
    /// the window <see cref="IsFailed"/>.
    /// </summary>
    /// <param name="column">The column's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public double GetDouble(int column)
    {
        var batch = Batch;
        var value = batch.Schema.ToDouble(batch.Schema.Checked(column), batch.ValuesAt(_row)[column]);
        return batch.HasFailed(_row) || batch.IsNull(_row, column) ? double.NaN : value;
    }

    /// <summary>
    /// A value as a double; an integer column is converted, to the nearest double beyond 2^53. NaN where it is null or
    /// the window <see cref="IsFailed"/>.
    /// </summary>
    /// <param name="name">The column's name; upper and lower case differ.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public double GetDouble(string name) => GetDouble(Schema.IndexOf(name));

    /// <summary>The value of an integer column, exactly.</summary>
    /// <param name="column">The column's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">
    /// The column holds doubles; or the value is null; or the window <see cref="IsFailed"/>, and has no values.
    /// </exception>
    public long GetInt64(int column)
    {
        var batch = Batch;
        var value = batch.Schema.ToInt64(batch.Schema.Checked(column), batch.ValuesAt(_row)[column]);
        if (batch.HasFailed(_row))
            ThrowFailed(column);
        if (batch.IsNull(_row, column))
            ThrowNull(column);
        return value;
    }

    /// <summary>The value of an integer column, exactly.</summary>
    /// <param name="name">The column's name; upper and lower case differ.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    /// <exception cref="InvalidOperationException">
    /// The column holds doubles; or the value is null; or the window <see cref="IsFailed"/>, and has no values.
    /// </exception>
    public long GetInt64(string name) => GetInt64(Schema.IndexOf(name));

    /// <summary>Whether a value is null, as the values of a window may be that <see cref="IsFilled"/>.</summary>
    /// <param name="column">The column's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public bool IsNull(int column) => Batch.IsNull(_row, Schema.Checked(column));

    /// <summary>Whether a value is null, as the values of a window may be that <see cref="IsFilled"/>.</summary>
    /// <param name="name">The column's name; upper and lower case differ.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public bool IsNull(string name) => IsNull(Schema.IndexOf(name));

    /// <summary>A copy that owns its memory and stays valid; this result itself when it does so already.</summary>
    /// <remarks>Allocates a few small arrays for each result.</remarks>
    public WindowResult<TKey> ToOwned()
    {
        var batch = Batch;
        return batch.IsOwned ? this : batch.ToOwned(_row, 1)[0];
    }

    /// <summary>Key, window, timing, pane index, flags, and values or why it failed, for logs. Never throws.</summary>
    public override string ToString()
    {
        if (_batch is null || _batch.Version != _version)
            return "(a window result that is no longer valid)";

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Key} [{EventTime.ToText(Window.StartTicks)}, ");
        text.Append(CultureInfo.InvariantCulture, $"{EventTime.ToText(Window.EndTicks)}) {Timing} #{PaneIndex}");
        if (Rank > 0)
            text.Append(CultureInfo.InvariantCulture, $" rank {Rank}");
        text.Append(IsLast ? " last" : "").Append(IsEvicted ? " evicted" : "")
            .Append(IsFilled ? " filled" : "").Append(IsPartial ? " partial" : "")
            .Append(Silence switch
            {
                SilenceChange.Started => " silence started",
                SilenceChange.Ended => " silence ended",
                _ => "",
            });
        if (IsFailed)
            return text.Append(CultureInfo.InvariantCulture, $" failed: {HostFailures.TextOf(Failure)}").ToString();
        for (var column = 0; column < ValueCount; column++)
        {
            text.Append(' ').Append(Names[column]).Append('=');
            _ = IsNull(column) ? text.Append("null")
                : Schema.TypeOf(column) == MeasureType.Double
                ? text.Append(CultureInfo.InvariantCulture, $"{GetDouble(column)}")
                : text.Append(CultureInfo.InvariantCulture, $"{GetInt64(column)}");
        }

        return text.ToString();
    }

    [DoesNotReturn]
    private void ThrowFailed(int column) => throw new InvalidOperationException(
        $"The value of '{Names[column]}' is not there, because the window has failed: {HostFailures.TextOf(Failure)} "
        + "Ask IsFailed first, or read it with GetDouble, which then gives NaN.",
        Failure);

    [DoesNotReturn]
    private void ThrowNull(int column) => throw new InvalidOperationException(
        $"The value of '{Names[column]}' is null, because the window had no event and fills a gap; ask IsNull first, "
        + "or read it with GetDouble, which then gives NaN.");

    [DoesNotReturn]
    private static void ThrowStale(ResultBatch<TKey>? batch) => throw new InvalidOperationException(
        batch is null
            ? "This window result is the default of its type and has no contents; take one from a batch or a stream."
            : "This window result was used after its sink's call, when its batch had been recycled; keep a copy made " +
              "with ToOwned() during the call instead.");
}
